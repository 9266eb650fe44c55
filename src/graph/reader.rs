//! Compiling the leaves of a plan: templates, selectors, and what they read.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Range,
    sync::Arc,
};

use super::{codes, files::Files, vars::Names};
use crate::{
    base::ids::{FeedId, VarId},
    extract::{JsonPath, Pattern, PatternError, Selector},
    plan::ast::Text,
    source::{Diagnostic, Diagnostics, Sources, Span},
    template::{Condition, Escape, Fact, Place, Read, Template, TemplateError},
};

/// Compiles leaves; what is wrong with them goes to the diagnostics.
pub(super) struct LeafReader<'a> {
    pub(super) sources: &'a Sources,
    pub(super) names: &'a Names,
    pub(super) found: &'a mut Diagnostics,
    /// The task whose steps are being compiled: its parameters are seen.
    pub(super) task: Option<Arc<str>>,
    /// The items of the loops around what is being compiled, within one task.
    pub(super) items: Vec<(Arc<str>, VarId)>,
    /// The variable whose value is being compiled.
    pub(super) setting: Option<VarId>,
    pub(super) seen: Seen,
    /// What requests send of files.
    pub(super) files: &'a Files,
    /// Regexes by their texts: many steps look for the same.
    pub(super) regexes: HashMap<Box<str>, Pattern>,
}

/// Which variables and data are read anywhere, other than to set them anew.
#[derive(Debug, Default)]
pub(super) struct Seen {
    read: BTreeSet<VarId>,
    read_by_own_set: BTreeMap<VarId, Span>,
    feeds: BTreeSet<FeedId>,
    secrets: BTreeSet<u32>,
}

impl Seen {
    pub(super) fn has(&self, var: VarId) -> bool {
        self.read.contains(&var)
    }

    pub(super) fn has_feed(&self, feed: FeedId) -> bool {
        self.feeds.contains(&feed)
    }

    pub(super) fn has_secret(&self, at: u32) -> bool {
        self.secrets.contains(&at)
    }

    /// Where a variable is first read to set it anew.
    pub(super) fn own_set(&self, var: VarId) -> Option<Span> {
        self.read_by_own_set.get(&var).copied()
    }
}

/// A variable, and where a template reads it without a guard.
pub(super) type VarRead = (VarId, Span);

/// What a step does with variables.
#[derive(Debug, Default)]
pub(super) struct Uses {
    pub(super) reads: Vec<VarRead>,
    pub(super) writes: Vec<VarId>,
    pub(super) clears: Vec<VarId>,
    /// What is certain where a condition holds.
    pub(super) proves: Vec<VarId>,
    /// What is certain where it does not hold.
    pub(super) disproves: Vec<VarId>,
    /// Whether it succeeds whatever the values are.
    pub(super) cannot_fail: bool,
}

impl LeafReader<'_> {
    /// Compiles a template and notes which variables it reads.
    pub(super) fn template(
        &mut self,
        text: &Text,
        escape: Escape,
        reads: &mut Vec<VarRead>,
    ) -> Option<Template> {
        let parsed = match Template::parse(&text.value, escape) {
            Ok(parsed) => parsed,
            Err(error) => {
                self.template_error(text, error);
                return None;
            }
        };
        self.note_reads(text, parsed.reads(), reads);
        parsed.resolve(|path| self.place(path))
    }

    /// Compiles a condition and notes which variables it reads.
    pub(super) fn condition(&mut self, text: &Text, reads: &mut Vec<VarRead>) -> Option<Condition> {
        let parsed = match Condition::parse(&text.value) {
            Ok(parsed) => parsed,
            Err(error) => {
                self.template_error(text, error);
                return None;
            }
        };
        self.note_reads(text, parsed.reads(), reads);
        parsed.resolve(|path| self.place(path))
    }

    /// Where a value lives, as seen from here.
    fn place(&self, path: &str) -> Option<(Place, usize)> {
        let root = path.split('.').next().unwrap_or(path);
        let mut items = self.items.iter().rev();
        match items.find(|(name, _)| **name == *root) {
            Some((_, item)) => Some((Place::Var(*item), 1)),
            None => self.names.place(self.task.as_deref(), path),
        }
    }

    /// Compiles the expression of a list, as [`LeafReader::condition`].
    pub(super) fn expression(&mut self, text: &Text, reads: &mut Vec<VarRead>) -> Option<Template> {
        self.condition(text, reads).map(Condition::into_template)
    }

    fn template_error(&mut self, text: &Text, error: TemplateError) {
        let mut diagnostic = Diagnostic::error(codes::TEMPLATE, error.message)
            .at(self.part_of(text, error.range), "here");
        if let Some(help) = error.help {
            diagnostic = diagnostic.help(help);
        }
        self.found.push_once(diagnostic);
    }

    fn note_reads(&mut self, text: &Text, found: &[Read], reads: &mut Vec<VarRead>) {
        for read in found {
            let span = self.part_of(text, read.range.clone());
            match self.place(&read.path) {
                Some((Place::Response(fact), _)) => {
                    if !read.guarded {
                        reads.push((self.names.answer(), span));
                    }
                    reads.push((self.names.answer_asked(), span));
                    if matches!(fact, Fact::Body | Fact::Json) {
                        reads.push((self.names.body_asked(), span));
                    }
                }
                Some((Place::Var(var), _)) => {
                    if self.setting == Some(var) {
                        self.seen.read_by_own_set.entry(var).or_insert(span);
                    } else {
                        self.seen.read.insert(var);
                    }
                    if !read.guarded {
                        reads.push((var, span));
                    }
                }
                Some((Place::Secret(at), _)) => {
                    self.seen.secrets.insert(at);
                }
                Some((Place::Column(feed, column), _)) => {
                    self.seen.feeds.insert(feed);
                    reads.push((self.names.feed(feed), span));
                    if !read.guarded {
                        self.not_in_every_row(&read.path, feed, column, span);
                    }
                }
                Some(_) => {}
                None if self.names.is_unreadable(&read.path) => {}
                None => {
                    let (message, near) = self.names.explain_unknown(&read.path);
                    self.found.push_once(
                        Diagnostic::error(codes::UNKNOWN_NAME, message)
                            .at(span, "read here")
                            .did_you_mean(near.as_deref()),
                    );
                }
            }
        }
    }

    /// Tells of a column that is read without a guard, and that some row lacks.
    fn not_in_every_row(&mut self, path: &str, feed: FeedId, column: u32, span: Span) {
        let Some(place) = self.names.lacking(feed, column) else {
            return;
        };
        let (source, column) = path.split_once('.').unwrap_or((path, ""));
        let column = column.split('.').next().unwrap_or(column);
        self.found.push_once(
            Diagnostic::error(
                codes::LACKING_COLUMN,
                format!("{place} of `{source}` has no `{column}`"),
            )
            .at(span, "read here from every row")
            .help(format!(
                "give every row one, or read it as `{{{{ {source}.{column} | default('') }}}}`"
            )),
        );
    }

    /// Compiles a CSS selector.
    pub(super) fn selector(&mut self, css: &str, span: Span) -> Option<Selector> {
        if self.is_templated(css, span, "a selector") {
            return None;
        }
        Selector::new(css)
            .map_err(|error| self.pattern(css, span, &error))
            .ok()
    }

    /// Compiles a regex.
    pub(super) fn regex(&mut self, regex: &Text) -> Option<Pattern> {
        if let Some(known) = self.regexes.get(&*regex.value) {
            return Some(known.clone());
        }
        match Pattern::new(regex) {
            Ok(pattern) => {
                self.regexes.insert((*regex.value).into(), pattern.clone());
                Some(pattern)
            }
            Err(error) => {
                // Braces alone can be right in a regex.
                if !self.is_templated(regex, regex.span, "a regex") {
                    self.pattern(regex, regex.span, &error);
                }
                None
            }
        }
    }

    /// Tells of a template where there can be none.
    fn is_templated(&mut self, text: &str, span: Span, what: &str) -> bool {
        let template = text.find("{{").and_then(|start| {
            let length = text[start..].find("}}")? + 2;
            Some(start..start + length)
        });
        let Some(range) = template else {
            return false;
        };
        let place = self.part(text, span, range);
        self.found.push_once(
            Diagnostic::error(codes::PATTERN, format!("{what} is not templated"))
                .at(place, "the braces would stay")
                .help("selectors, regexes and JSONPaths are the same for every user"),
        );
        true
    }

    /// Compiles a JSONPath.
    pub(super) fn jsonpath(&mut self, path: &Text) -> Option<JsonPath> {
        if self.is_templated(path, path.span, "a JSONPath") {
            return None;
        }
        JsonPath::new(path)
            .map_err(|error| self.pattern(path, path.span, &error))
            .ok()
    }

    /// Reports a selector, a regex or a JSONPath that is none.
    pub(super) fn pattern(&mut self, pattern: &str, span: Span, error: &PatternError) {
        let place = match &error.range {
            Some(range) => self.part(pattern, span, range.clone()),
            None => span,
        };
        self.found
            .push_once(Diagnostic::error(codes::PATTERN, error.message.clone()).at(place, "here"));
    }

    /// The place of a part of a text.
    pub(super) fn part_of(&self, text: &Text, part: Range<usize>) -> Span {
        self.part(&text.value, text.span, part)
    }

    /// The same for a value that is not a text of its own. Where the source spells
    /// the value differently (escapes, folded lines), the whole of it is shown.
    fn part(&self, value: &str, span: Span, part: Range<usize>) -> Span {
        match self.sources.slice(span).find(value) {
            Some(offset) => span.within(offset + part.start..offset + part.end),
            None => span,
        }
    }
}
