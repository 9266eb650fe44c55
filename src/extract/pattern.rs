//! Regexes, and what can be wrong with a pattern of any kind.

use std::{error, fmt, ops::Range};

use regex::Regex;

use super::Page;

/// A compiled regular expression.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

impl Pattern {
    /// Compiles a regex.
    ///
    /// # Errors
    ///
    /// [`PatternError`] if it is not one, or too big.
    pub fn new(regex: &str) -> Result<Pattern, PatternError> {
        Regex::new(regex)
            .map(Pattern)
            .map_err(|error| explain(regex, &error))
    }

    /// As it was written.
    pub fn source(&self) -> &str {
        self.0.as_str()
    }

    /// Whether it matches somewhere in the body.
    pub fn is_in(&self, page: &Page<'_>) -> bool {
        self.0.is_match(page.text())
    }

    /// As [`Pattern::find_in`], of the first match only.
    pub(super) fn first_in<'t>(&self, text: &'t str) -> Option<&'t str> {
        let groups = self.0.captures(text)?;
        groups
            .get(usize::from(groups.len() > 1))
            .map(|found| found.as_str())
    }

    /// What it finds in a text: of each match group 1, or all of it if the regex
    /// has no group. A match without the group does not count.
    pub(super) fn find_in<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        let group = usize::from(self.0.captures_len() > 1);
        self.0
            .captures_iter(text)
            .filter_map(move |groups| groups.get(group).map(|found| found.as_str()))
    }
}

/// Why a selector, a regex or a JSONPath cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// A sentence fragment: "expected a closing bracket".
    pub message: String,
    /// The bytes of the pattern it is about, where that is known.
    pub range: Option<Range<usize>>,
}

impl PatternError {
    pub(super) fn new(message: impl Into<String>, range: Option<Range<usize>>) -> PatternError {
        PatternError {
            message: message.into(),
            range,
        }
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl error::Error for PatternError {}

fn explain(pattern: &str, error: &regex::Error) -> PatternError {
    if let regex::Error::CompiledTooBig(_) = error {
        return PatternError::new("the regex is too big", None);
    }
    // The library draws a picture of the pattern; its last line is the reason.
    let text = error.to_string();
    let reason = text.lines().last().unwrap_or_default();
    let reason = reason.strip_prefix("error: ").unwrap_or(reason);
    PatternError::new(reason, marked(pattern, &text))
}

/// What carets mark in a picture of one line: the line after the pattern's own.
fn marked(pattern: &str, picture: &str) -> Option<Range<usize>> {
    let mut lines = picture.lines();
    let indent_bytes = lines.find_map(|line| {
        let spaces = line.len() - line.trim_start_matches(' ').len();
        (line.get(4..) == Some(pattern)).then_some(4.min(spaces))
    })?;
    let marks = lines.next()?.get(indent_bytes..)?;
    let before_chars = marks.len() - marks.trim_start_matches(' ').len();
    let marked_chars = marks.trim().len();
    let is_marked = marked_chars > 0 && marks.trim().bytes().all(|byte| byte == b'^');
    let byte_of = |chars: usize| {
        let mut starts = pattern.char_indices().map(|(at, _)| at);
        starts.nth(chars).unwrap_or(pattern.len())
    };
    is_marked.then(|| byte_of(before_chars)..byte_of(before_chars + marked_chars))
}
