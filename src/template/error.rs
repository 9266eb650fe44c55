//! What can be wrong with a text, and with rendering it.

use std::{error, fmt, ops::Range};

/// Why a text is not a template, and which part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// Bytes of the text.
    pub range: Range<usize>,
    pub message: String,
    pub help: Option<String>,
}

impl TemplateError {
    pub(super) fn new(range: Range<usize>, message: impl Into<String>) -> TemplateError {
        TemplateError {
            range,
            message: message.into(),
            help: None,
        }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> TemplateError {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl error::Error for TemplateError {}

/// Why a template could not be rendered for a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderError {
    pub message: String,
}

/// How many characters of an expression a message repeats.
///
/// Enough to find it again; a whole body of text would drown the reason.
const MAX_SHOWN_CHARS: usize = 80;

impl RenderError {
    /// Nothing has set the value that is read as `path`.
    pub(super) fn not_set(path: &str) -> RenderError {
        RenderError {
            message: format!("`{path}` is not set"),
        }
    }

    /// Something is wrong with what `code`, a part of a text, came to.
    pub(super) fn about(code: &str, what: impl fmt::Display) -> RenderError {
        let code = code.trim();
        let shown = match code.char_indices().nth(MAX_SHOWN_CHARS) {
            Some((cut, _)) => format!("{}…", &code[..cut]),
            None => code.to_owned(),
        };
        RenderError {
            message: format!("`{shown}` {what}"),
        }
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl error::Error for RenderError {}
