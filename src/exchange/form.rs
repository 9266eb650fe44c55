//! Forms as browsers send them.

use std::borrow::Cow;

use url::form_urlencoded::Serializer;

use super::Charset;

/// The content type of an encoded form.
pub const CONTENT_TYPE: &str = "application/x-www-form-urlencoded";

/// Encodes the fields of a form, in their order, byte for byte as a browser does.
///
/// That is the `application/x-www-form-urlencoded` serializer of the URL
/// standard, after every line break has become CR LF as the HTML standard has it.
pub fn encode<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<u8> {
    encode_in(Charset::UTF_8, pairs)
}

/// The same for a page in another charset.
pub fn encode_in<'a>(
    charset: Charset,
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Vec<u8> {
    let bytes = in_charset(|text| charset.bytes(text));
    let mut encoded = Serializer::new(String::new());
    if charset != Charset::UTF_8 {
        encoded.encoding_override(Some(&bytes));
    }
    for (name, value) in pairs {
        encoded.append_pair(&with_crlf(name), &with_crlf(value));
    }
    encoded.finish().into_bytes()
}

/// Tells the compiler that what comes out lives as long as what goes in.
fn in_charset<F: Fn(&str) -> Cow<'_, [u8]>>(bytes: F) -> F {
    bytes
}

/// The content type of a form that is not encoded at all.
pub const PLAIN_CONTENT_TYPE: &str = "text/plain";

/// Writes the fields of a form as lines, for people to read.
pub fn plain<'a>(charset: Charset, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<u8> {
    let mut lines = String::new();
    for (name, value) in pairs {
        for part in [&with_crlf(name), "=", &with_crlf(value), "\r\n"] {
            lines.push_str(part);
        }
    }
    charset.bytes(&lines).into_owned()
}

/// The text with CR LF in place of every CR LF, lone CR and lone LF.
pub(super) fn with_crlf(text: &str) -> Cow<'_, str> {
    if !text.contains(['\r', '\n']) {
        return Cow::Borrowed(text);
    }
    let mut normal = String::with_capacity(text.len() + 8);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                characters.next_if_eq(&'\n');
                normal.push_str("\r\n");
            }
            '\n' => normal.push_str("\r\n"),
            other => normal.push(other),
        }
    }
    Cow::Owned(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Firefox and Chromium send for the same fields.
    #[test]
    #[rustfmt::skip]
    fn fields_are_encoded_as_browsers_do() {
        let rows: [(&[(&str, &str)], &str); 10] = [
            (&[],                                "" ),
            (&[("a", "1"), ("b", "2")],          "a=1&b=2"),
            (&[("a", "1"), ("a", "2")],          "a=1&a=2"),
            (&[("a", "")],                       "a="),
            (&[("title", "two words")],          "title=two+words"),
            (&[("a", "1+1=2&b")],                "a=1%2B1%3D2%26b"),
            (&[("body", "Łódź")],                "body=%C5%81%C3%B3d%C5%BA"),
            (&[("a", "*-._ ~!'()")],             "a=*-._+%7E%21%27%28%29"),
            (&[("a", "x\ny\rz\r\nw\n\r")],       "a=x%0D%0Ay%0D%0Az%0D%0Aw%0D%0A%0D%0A"),
            (&[("na\nme", "v")],                 "na%0D%0Ame=v"),
        ];
        for (pairs, encoded) in rows {
            let bytes = encode(pairs.iter().copied());
            assert_eq!(String::from_utf8(bytes).unwrap(), encoded);
        }
    }
}
