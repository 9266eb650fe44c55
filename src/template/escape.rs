//! How a value is written so that it cannot become more than a value.

use crate::base::value::{NotText, Value};

/// How values are written between the literal parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// As they are.
    None,
    /// For a URL: percent-encoded as one component, which holds as one segment
    /// of the path and as one name or value after `?`. A value marked `| raw`,
    /// or one that the whole text begins with (`{{ base }}/x`), stays as it is;
    /// in a text with `{% … %}`, only one marked `| raw`.
    Url,
}

impl Escape {
    /// Appends a value.
    pub(super) fn write(self, value: &Value, out: &mut String) -> Result<(), NotText> {
        match self {
            Escape::None => value.print_into(out),
            Escape::Url => match value {
                Value::Text(text) => {
                    percent_encode_into(text, out);
                    Ok(())
                }
                // Their texts hold nothing that would need encoding.
                Value::Bool(_) | Value::Int(_) | Value::Float(_) => value.print_into(out),
                Value::Null | Value::List(_) | Value::Map(_) => value.print_into(out),
            },
        }
    }
}

/// Appends `text` with everything but RFC 3986's unreserved characters encoded.
///
/// One set for path and query alike: what is safe in both is right in either,
/// and a part of a text keeps its form when it moves behind the `?`.
fn percent_encode_into(text: &str, out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(DIGITS[usize::from(byte >> 4)]));
            out.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}
