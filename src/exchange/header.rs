//! Names and values of headers that can be sent as they are.

use std::{error, fmt, sync::Arc};

use base64::{Engine as _, prelude::BASE64_STANDARD};

/// Checks the name of a header, and writes it in the one spelling that names
/// are compared in: lower case.
///
/// # Errors
///
/// [`NotAHeaderName`] says what is wrong with it.
pub fn header_name(text: &str) -> Result<Arc<str>, NotAHeaderName> {
    if text.is_empty() {
        return Err(NotAHeaderName::Empty);
    }
    if let Some(character) = text.chars().find(|c| !is_token(*c)) {
        return Err(NotAHeaderName::Character(character));
    }
    let name = text.to_ascii_lowercase();
    if name == "content-length" || name == "transfer-encoding" {
        return Err(NotAHeaderName::Framing);
    }
    Ok(name.into())
}

/// The characters of a token in RFC 9110.
fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

/// Why a text cannot be the name of a header that a plan sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAHeaderName {
    /// It has no characters.
    Empty,
    /// The first character that a name cannot hold.
    Character(char),
    /// It says where the body ends, and follows from the body.
    Framing,
}

impl fmt::Display for NotAHeaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotAHeaderName::Empty => f.write_str("a header's name cannot be empty"),
            NotAHeaderName::Character(c) => write!(f, "a header's name cannot hold {c:?}"),
            NotAHeaderName::Framing => f.write_str(
                "this header follows from the body of the request and cannot be set by a plan",
            ),
        }
    }
}

impl error::Error for NotAHeaderName {}

/// What `Authorization` says of a user and a password (RFC 7617).
pub fn basic_auth(user: &str, password: &str) -> String {
    let pair = BASE64_STANDARD.encode(format!("{user}:{password}"));
    format!("Basic {pair}")
}

/// The value of a header: printable text without line breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderText(Arc<str>);

impl HeaderText {
    /// Checks a text.
    ///
    /// # Errors
    ///
    /// [`NotAHeader`] if it holds a control character: a line break in a value
    /// would smuggle in another header.
    pub fn new(text: impl Into<Arc<str>>) -> Result<HeaderText, NotAHeader> {
        let text = text.into();
        if text.chars().any(|c| c.is_control() && c != '\t') {
            return Err(NotAHeader);
        }
        Ok(HeaderText(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that cannot be the value of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAHeader;

impl fmt::Display for NotAHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a header's value cannot hold line breaks or other control characters")
    }
}

impl error::Error for NotAHeader {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn names_are_tokens_in_lower_case() {
        let rows: [(&str, Result<&str, NotAHeaderName>); 8] = [
            ("Accept-Language",   Ok("accept-language")),
            ("x_y.z!#$%&'*+^`|~", Ok("x_y.z!#$%&'*+^`|~")),
            ("",                  Err(NotAHeaderName::Empty)),
            ("X Y",               Err(NotAHeaderName::Character(' '))),
            ("X:",                Err(NotAHeaderName::Character(':'))),
            ("ł",                 Err(NotAHeaderName::Character('ł'))),
            ("Content-Length",    Err(NotAHeaderName::Framing)),
            ("transfer-encoding", Err(NotAHeaderName::Framing)),
        ];
        for (text, expected) in rows {
            assert_eq!(header_name(text).as_deref(), expected.as_ref().map(|name| *name), "{text}");
        }
    }

    #[test]
    fn values_hold_no_line_breaks() {
        assert_eq!(
            HeaderText::new("pl;\tq=1 ł").unwrap().as_str(),
            "pl;\tq=1 ł"
        );
        for text in ["a\r\nb", "a\nb", "a\0", "a\x7f", "a\u{85}"] {
            assert_eq!(HeaderText::new(text), Err(NotAHeader), "{text:?}");
        }
    }
}
