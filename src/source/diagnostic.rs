//! What is wrong with a plan, where, and how to mend it.

use super::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Probably not what was meant; the plan runs.
    Warning,
    /// The plan cannot run.
    Error,
}

impl Severity {
    /// As it stands before a message.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A place in a message, with what there is to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// A text to put in the place of another, which mends the mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    pub span: Span,
    pub text: String,
    pub certainty: Certainty,
}

/// Whether a replacement is what the author meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// What stands there can mean nothing else: it may be put in unasked.
    Certain,
    /// The nearest name, the likeliest unit: its author decides.
    Likely,
}

/// One mistake of a plan's author.
///
/// The first label is the place itself; the others are places that explain it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// Stable, for `plan explain` and for filters: `P0301`.
    pub code: &'static str,
    pub message: String,
    pub labels: Vec<Label>,
    pub help: Vec<String>,
    /// The proposal as a replacement, where it is one: for programs.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A mistake with which the plan cannot run.
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::of(Severity::Error, code, message.into())
    }

    /// Something that is probably not meant.
    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::of(Severity::Warning, code, message.into())
    }

    /// Something worth knowing, and no mistake.
    #[must_use]
    pub fn note(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::of(Severity::Note, code, message.into())
    }

    fn of(severity: Severity, code: &'static str, message: String) -> Diagnostic {
        Diagnostic {
            severity,
            code,
            message,
            labels: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    /// Adds a place. The first one added is the place of the mistake.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Adds a proposal.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help.push(text.into());
        self
    }

    /// Adds the proposal to write `text` over `span`.
    #[must_use]
    pub fn write(self, span: Span, text: impl Into<String>) -> Diagnostic {
        let text = text.into();
        let help = format!("write {}", in_ticks(&text));
        self.fix(span, text, help)
    }

    /// Adds the proposal to put `text` over `span`, in words of its own.
    #[must_use]
    pub fn fix(
        mut self,
        span: Span,
        text: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        self.fix = Some(Fix {
            span,
            text: text.into(),
            certainty: Certainty::Likely,
        });
        self.help(help)
    }

    /// Says of the proposal that nothing else can be meant.
    #[must_use]
    pub fn certain(mut self) -> Diagnostic {
        if let Some(fix) = &mut self.fix {
            fix.certainty = Certainty::Certain;
        }
        self
    }

    /// Adds `did you mean …?` when a nearest name was found.
    #[must_use]
    pub fn did_you_mean(self, nearest: Option<&str>) -> Diagnostic {
        match nearest {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}

/// A text in backticks, as messages show what is written; as it is if it has
/// backticks itself.
pub fn in_ticks(text: &str) -> String {
    if text.contains('`') {
        text.to_owned()
    } else {
        format!("`{text}`")
    }
}

/// All that was found, in the order of finding.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
    left_out: usize,
}

/// The most diagnostics kept for one plan.
///
/// Whoever has a hundred mistakes mends the first ones first; a file of another
/// kind could otherwise produce a million.
pub const MAX_DIAGNOSTICS: usize = 100;

impl Diagnostics {
    pub fn new() -> Diagnostics {
        Diagnostics::default()
    }

    /// Keeps one, up to `MAX_DIAGNOSTICS`.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.found.len() < MAX_DIAGNOSTICS {
            self.found.push(diagnostic);
        } else {
            self.left_out += 1;
        }
    }

    /// Keeps all that another list has.
    pub fn append(&mut self, other: Diagnostics) {
        self.left_out += other.left_out;
        for diagnostic in other.found {
            self.push(diagnostic);
        }
    }

    /// Keeps one, unless the same is already said about the same place: for
    /// places that several classes of users come through.
    pub fn push_once(&mut self, diagnostic: Diagnostic) {
        let place = |diagnostic: &Diagnostic| diagnostic.labels.first().map(|label| label.span);
        let known = |old: &Diagnostic| {
            old.code == diagnostic.code
                && old.message == diagnostic.message
                && place(old) == place(&diagnostic)
        };
        if !self.found.iter().any(known) {
            self.push(diagnostic);
        }
    }

    /// Whether something has been said about a place.
    pub fn speak_of(&self, place: Span) -> bool {
        let first = |diagnostic: &Diagnostic| diagnostic.labels.first().map(|label| label.span);
        self.found.iter().any(|found| first(found) == Some(place))
    }

    /// Those kept, sorted by place; those without a place first.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<_> = self.found.iter().collect();
        sorted.sort_by_key(|diagnostic| {
            diagnostic
                .labels
                .first()
                .map(|label| (label.span.file, label.span.start))
        });
        sorted
    }

    /// How many more there were than are kept.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The worst of them, `None` if there are none.
    pub fn worst(&self) -> Option<Severity> {
        self.found
            .iter()
            .map(|diagnostic| diagnostic.severity)
            .max()
    }

    /// Whether anything found keeps the plan from running.
    pub fn has_errors(&self) -> bool {
        self.worst() == Some(Severity::Error)
    }

    /// How many of a severity are kept.
    pub fn count(&self, severity: Severity) -> usize {
        self.found
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    }
}
