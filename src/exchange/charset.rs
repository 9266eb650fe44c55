//! Which characters the bytes of a body mean.
//!
//! As browsers have it: a byte order mark says it, else the charset of
//! `Content-Type`, else for HTML a `<meta>` near the beginning, else it is UTF-8.
//! Labels are those of the Encoding standard (`latin2` is ISO-8859-2, and
//! `iso-8859-1` is windows-1252); one that it does not know says nothing. What
//! is broken becomes U+FFFD.
//!
//! # What is not here
//!
//! The guessing that browsers do where nothing says it, and `encoding="…"` in the
//! first line of XML.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

/// How far into a page a `<meta>` counts that says its charset, in bytes, as the
/// HTML standard has it.
const MAX_META_BYTES: usize = 1024;

/// The content of a body as text.
pub(super) fn text<'b>(content_type: Option<&[u8]>, content: &'b [u8]) -> Cow<'b, str> {
    // A byte order mark goes over what was found here, and is not in the text.
    encoding(content_type, content).decode(content).0
}

/// How the text of a content of more than so many bytes begins, where that can be told
/// without looking at the rest: in UTF-8.
pub(super) fn beginning<'b>(
    content_type: Option<&[u8]>,
    content: &'b [u8],
    bytes: usize,
) -> Option<&'b str> {
    let beginning = content.split_at_checked(bytes)?.0;
    if encoding(content_type, content) != UTF_8 || Encoding::for_bom(beginning).is_some() {
        return None;
    }
    match str::from_utf8(beginning) {
        Ok(text) => Some(text),
        // A character that goes on behind it.
        Err(cut) if cut.error_len().is_none() => {
            str::from_utf8(&beginning[..cut.valid_up_to()]).ok()
        }
        Err(_) => None,
    }
}

/// Without a mark of byte order that UTF-8 does not need.
pub(super) fn without_mark(content: &[u8]) -> &[u8] {
    content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content)
}

/// A charset that text is sent in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charset(&'static Encoding);

impl Charset {
    /// UTF-8, which has every character.
    pub const UTF_8: Charset = Charset(UTF_8);

    /// The charset that a label means, if it is one that can be sent.
    pub fn of_label(label: &str) -> Option<Charset> {
        Encoding::for_label(label.as_bytes()).map(Charset::sent_for)
    }

    /// What answers a page in an encoding: UTF-8, where nothing can be sent in that.
    fn sent_for(encoding: &'static Encoding) -> Charset {
        Charset(encoding.output_encoding())
    }

    /// Its name, as forms say it.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The text's bytes; characters that it lacks become `&#322;`, as in browsers.
    pub fn bytes(self, text: &str) -> Cow<'_, [u8]> {
        self.0.encode(text).0
    }
}

/// The charset in which forms on a page are sent.
pub(super) fn of_answers_to(content_type: Option<&[u8]>, content: &[u8]) -> Charset {
    let marked = Encoding::for_bom(content).map(|(encoding, _)| encoding);
    Charset::sent_for(marked.unwrap_or_else(|| encoding(content_type, content)))
}

fn encoding(content_type: Option<&[u8]>, content: &[u8]) -> &'static Encoding {
    let content_type = String::from_utf8_lossy(content_type.unwrap_or_default());
    let (media_type, parameters) = content_type.split_once(';').unwrap_or((&content_type, ""));
    let media_type = media_type.trim().to_ascii_lowercase();
    if media_type == "application/json" || media_type.ends_with("+json") {
        return UTF_8;
    }
    let said = parameter(parameters, "charset");
    if let Some(encoding) = said.and_then(|label| Encoding::for_label(label.as_bytes())) {
        return encoding;
    }
    let is_page = ["", "text/html", "application/xhtml+xml"].contains(&media_type.as_str());
    let meta = is_page.then(|| meta(&content[..content.len().min(MAX_META_BYTES)]));
    meta.flatten().unwrap_or(UTF_8)
}

/// The value of a parameter of a media type, without its quotation marks.
fn parameter<'t>(parameters: &'t str, name: &str) -> Option<&'t str> {
    parameters.split(';').find_map(|parameter| {
        let (known, value) = parameter.split_once('=')?;
        known
            .trim()
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().trim_matches('"'))
    })
}

/// What the first `<meta>` says that says a charset.
fn meta(page: &[u8]) -> Option<&'static Encoding> {
    // Tags and labels are ASCII, so it does not matter what the rest means.
    let page: String = page.iter().map(|byte| char::from(*byte)).collect();
    let page = page.to_ascii_lowercase();
    let mut rest = page.as_str();
    loop {
        rest = &rest[rest.find('<')?..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = &comment[comment.find("-->")?..];
        } else if let Some(tag) = rest.strip_prefix("<meta")
            && tag.starts_with(|next: char| next == '/' || next.is_ascii_whitespace())
        {
            let (found, after) = charset_of_meta(tag);
            if found.is_some() {
                return found;
            }
            rest = after;
        } else {
            rest = &rest[1..];
        }
    }
}

/// The charset that the attributes of a `<meta>` say, and what follows them.
fn charset_of_meta(mut tag: &str) -> (Option<&'static Encoding>, &str) {
    let (mut charset, mut content, mut is_content_type) = (None, None, false);
    while let Some((name, value, after)) = attribute(tag) {
        match name {
            "charset" => charset = charset.or(Some(value)),
            "content" => content = content.or(label_in(value)),
            "http-equiv" => is_content_type |= value == "content-type",
            _ => {}
        }
        tag = after;
    }
    let label = charset.or(content.filter(|_| is_content_type));
    let encoding = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    (encoding.map(written_in), tag)
}

/// The next attribute of a tag, and what follows it; `None` at the end of the tag.
fn attribute(tag: &str) -> Option<(&str, &str, &str)> {
    let is_blank = |c: char| c == '/' || c.is_ascii_whitespace();
    let tag = tag.trim_start_matches(is_blank);
    let name_bytes = tag.find(|c| is_blank(c) || c == '=' || c == '>');
    let (name, after) = tag.split_at(name_bytes.unwrap_or(tag.len()).max(usize::from(
        // An equals sign in front of everything is a part of the name.
        tag.starts_with('='),
    )));
    if name.is_empty() {
        return None;
    }
    let Some(value) = after.trim_start().strip_prefix('=') else {
        return Some((name, "", after));
    };
    let value = value.trim_start();
    for quote in ['"', '\''] {
        if let Some(quoted) = value.strip_prefix(quote) {
            let (value, after) = quoted.split_once(quote)?;
            return Some((name, value.trim(), after));
        }
    }
    let end = value.find(|c: char| c.is_ascii_whitespace() || c == '>');
    let (value, after) = value.split_at(end.unwrap_or(value.len()));
    Some((name, value, after))
}

/// The charset in `text/html; charset=iso-8859-2`.
fn label_in(content: &str) -> Option<&str> {
    let (_, after) = content.split_once("charset")?;
    let label = after.trim_start().strip_prefix('=')?.trim_start();
    let label = label.trim_matches(['"', '\'']);
    Some(label.split([';', ' ']).next().unwrap_or(label))
}

/// What a page is written in that says so in letters of ASCII: not in UTF-16.
fn written_in(said: &'static Encoding) -> &'static Encoding {
    if said == UTF_16BE || said == UTF_16LE {
        UTF_8
    } else if said == X_USER_DEFINED {
        WINDOWS_1252
    } else {
        said
    }
}
