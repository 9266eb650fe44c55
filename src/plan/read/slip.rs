//! A syntax error as its author should hear of it.

use std::ops::Range;

use super::{codes, node::shortened};
use crate::source::{Certainty, Diagnostic, FileId, Severity, Span, in_ticks};

/// The longest proposal that is shown, in letters: two of its kind fill a line.
const PROPOSAL_LETTERS: usize = 100;

/// What is wrong with the text of a file, where, and how to mend it.
#[derive(Debug)]
pub(super) struct Slip {
    pub(super) code: &'static str,
    pub(super) severity: Severity,
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) label: String,
    pub(super) other: Option<(Range<usize>, String)>,
    pub(super) help: Option<String>,
    /// What to put in the place of what.
    pub(super) fix: Option<(Range<usize>, String)>,
    /// Whether the fix is what is meant.
    certainty: Certainty,
    /// What to leave out to read on as if it were mended: within one line.
    pub(super) value: Option<Range<usize>>,
}

impl Slip {
    pub(super) fn new(
        range: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Slip {
        Slip {
            code: codes::SYNTAX,
            severity: Severity::Error,
            range,
            message: message.into(),
            label: label.into(),
            other: None,
            help: None,
            fix: None,
            certainty: Certainty::Likely,
            value: None,
        }
    }

    /// One of too many: it is counted, and not shown.
    pub(super) fn one_too_many(range: Range<usize>) -> Slip {
        Slip::new(range, "", "")
    }

    /// A value that would be a text if it were `quoted`; `why` it is none now.
    pub(super) fn unquoted(text: &str, value: Range<usize>, why: &str, quoted: String) -> Slip {
        let written = &text[value.clone()];
        let message = format!("{} needs quotes", in_ticks(&shortened(written)));
        Slip::new(value.clone(), message, why)
            .mended(value.clone(), quoted)
            .certain()
            .leaving_out(Some(value))
    }

    pub(super) fn with_help(mut self, help: impl Into<String>) -> Slip {
        self.help = Some(help.into());
        self
    }

    /// With a replacement, which is also the help where there is no other.
    pub(super) fn mended(mut self, range: Range<usize>, text: impl Into<String>) -> Slip {
        self.fix = Some((range, text.into()));
        self
    }

    /// Nothing else can be meant than what it is mended with.
    pub(super) fn certain(mut self) -> Slip {
        self.certainty = Certainty::Certain;
        self
    }

    /// Something else could be meant after all.
    pub(super) fn likely(mut self) -> Slip {
        self.certainty = Certainty::Likely;
        self
    }

    pub(super) fn labelled(mut self, label: impl Into<String>) -> Slip {
        self.label = label.into();
        self
    }

    pub(super) fn beside(mut self, range: Range<usize>, label: impl Into<String>) -> Slip {
        self.other = Some((range, label.into()));
        self
    }

    pub(super) fn leaving_out(mut self, value: Option<Range<usize>>) -> Slip {
        self.value = value;
        self
    }

    /// Whether anything that it shows or replaces touches `other`.
    pub(super) fn touches(&self, other: &Range<usize>) -> bool {
        let fixed = self.fix.as_ref().map(|(range, _)| range);
        [Some(&self.range), fixed, self.value.as_ref()]
            .into_iter()
            .flatten()
            .any(|own| own.start <= other.end && other.start <= own.end)
    }

    pub(super) fn diagnostic(&self, file: FileId) -> Diagnostic {
        let span = |range: &Range<usize>| Span::new(file, range.clone());
        let mut diagnostic = match self.severity {
            Severity::Error => Diagnostic::error(self.code, self.message.clone()),
            Severity::Warning | Severity::Note => {
                Diagnostic::warning(self.code, self.message.clone())
            }
        };
        diagnostic = diagnostic.at(span(&self.range), self.label.clone());
        if let Some((range, label)) = &self.other {
            diagnostic = diagnostic.at(span(range), label.clone());
        }
        let diagnostic = match (&self.fix, &self.help) {
            (Some((range, text)), Some(help)) => {
                diagnostic.fix(span(range), text.clone(), help.clone())
            }
            (Some((range, text)), None) if text.chars().count() <= PROPOSAL_LETTERS => {
                diagnostic.write(span(range), text.clone())
            }
            (Some((range, text)), None) => {
                diagnostic.fix(span(range), text.clone(), "put the whole value in quotes")
            }
            (None, Some(help)) => diagnostic.help(help.clone()),
            (None, None) => diagnostic,
        };
        match self.certainty {
            Certainty::Certain => diagnostic.certain(),
            Certainty::Likely => diagnostic,
        }
    }
}

/// What a double-quoted text says if no backslash escapes anything but quotes
/// and backslashes; `None` if one does: a `\n` in it was meant as a line's end.
/// `known` are the letters that mean something else.
pub(super) fn without_escapes(written: &str, known: &str) -> Option<String> {
    let inner = written.strip_prefix('"')?.strip_suffix('"')?;
    let mut plain = String::new();
    let mut signs = inner.chars();
    while let Some(sign) = signs.next() {
        if sign != '\\' {
            plain.push(sign);
            continue;
        }
        match signs.next()? {
            itself @ ('"' | '\\' | '/') => plain.push(itself),
            other if known.contains(other) => return None,
            unknown => plain.extend(['\\', unknown]),
        }
    }
    Some(plain)
}
