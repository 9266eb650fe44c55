//! A request as a command that a person can paste into a shell.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    Body, Cookie, Request, form,
    mask::{self, Known, MASK},
};
use crate::base::{
    method::Method,
    printable::{cut, is_unseen, printable},
};

/// How many characters of a URL the command keeps: most of what servers take.
const MAX_URL_CHARS: usize = 1_000;

/// How many headers the command has. Plans write a handful.
const MAX_HEADERS: usize = 20;

/// How many characters of a header's value the command keeps.
const MAX_HEADER_CHARS: usize = 200;

/// How large a body may be that stands in the command, in bytes: a long form. Of a
/// larger one a part would be another request.
const MAX_BODY_BYTES: usize = 1_000;

/// A `curl` command for any POSIX shell, with secrets masked.
///
/// A body with control characters is written by `printf` into a pipe; one that is too
/// large, or no text, is named where its file would be, so that the command complains
/// instead of sending something else. There is no control character in it.
///
/// # What is not in it
///
/// What clients say of themselves (`User-Agent`, `Accept`), how connections are made, and
/// what is trusted in TLS.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Curl {
    /// The command, in parts that stay together.
    pub parts: Vec<String>,
    /// How many headers are not in it, because there are too many.
    pub headers_left_out: usize,
}

/// Whether the command goes where redirects lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    No,
    Yes,
}

impl Curl {
    /// The command for a request, with the cookies that its user holds for it.
    pub fn of(request: &Request, cookies: &[Cookie], follow: Follow, known: &Known) -> Curl {
        let url = known.hide(&mask::url(&request.url));
        let body = match &request.body {
            Some(body) => shown(body, request, known),
            None if expects_a_body(request.method) => ShownBody::Text(String::new()),
            None => ShownBody::None,
        };
        let mut headers = headers(request, cookies, known);
        let headers_left_out = headers.len().saturating_sub(MAX_HEADERS);
        headers.truncate(MAX_HEADERS);

        let mut parts = Vec::new();
        if let ShownBody::Piped(escaped) = &body {
            parts.push(format!("printf %b {} |", quote(escaped)));
        }
        parts.push(command(request.method, follow, &url));
        parts.push(quote(&cut(&url, MAX_URL_CHARS)));
        parts.extend(method(request.method, &body));
        parts.extend(headers.iter().map(|header| format!("-H {}", quote(header))));
        match &body {
            ShownBody::None => {}
            ShownBody::Text(text) => parts.push(format!("--data-raw {}", quote(text))),
            ShownBody::Piped(_) => parts.push("--data-binary @-".to_owned()),
            ShownBody::LeftOut(bytes) => {
                let note = format!("@({bytes} bytes, not shown)");
                parts.push(format!("--data-binary {}", quote(&note)));
            }
        }
        Curl {
            parts,
            headers_left_out,
        }
    }
}

/// On one line.
impl fmt::Display for Curl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parts.join(" "))
    }
}

/// How the body stands in the command.
pub(super) enum ShownBody {
    None,
    Text(String),
    /// In the notation of `printf %b`.
    Piped(String),
    /// Its size in bytes.
    LeftOut(usize),
}

pub(super) fn shown(body: &Body, request: &Request, known: &Known) -> ShownBody {
    let bytes = body.size_bytes();
    // Its parts have names of their own, and secrets under them.
    let has_parts = content_type(request, body).starts_with("multipart/");
    if bytes > MAX_BODY_BYTES || has_parts {
        return ShownBody::LeftOut(bytes);
    }
    let text = match String::from_utf8(body.to_vec()) {
        Ok(text) => known.hide(&text),
        Err(_) => return ShownBody::LeftOut(bytes),
    };
    let text = if content_type(request, body).starts_with(form::CONTENT_TYPE) {
        mask::pairs(&text)
    } else {
        mask::text(&text)
    };
    if text.chars().any(steers) {
        ShownBody::Piped(escape(&text))
    } else {
        ShownBody::Text(text)
    }
}

fn content_type<'a>(request: &'a Request, body: &'a Body) -> &'a str {
    let own = request
        .headers
        .iter()
        .find(|(name, _)| **name == *"content-type");
    own.map_or(body.content_type.as_deref().unwrap_or(""), |(_, value)| {
        value.as_str()
    })
}

/// The headers in the notation of `-H`.
pub(super) fn headers(request: &Request, cookies: &[Cookie], known: &Known) -> Vec<String> {
    let mut headers = Vec::new();
    let mut pairs: Vec<String> = cookies
        .iter()
        .map(|cookie| format!("{}={MASK}", cookie.name))
        .collect();
    for (name, value) in &request.headers {
        let value = mask::header(name, &known.hide(value.as_str()));
        match &**name {
            "cookie" => pairs.push(value),
            // Below, where it may also be missing.
            "content-type" => {}
            _ => headers.push(header(name, &value)),
        }
    }
    let url = &request.url;
    let has_own = request
        .headers
        .iter()
        .any(|(name, _)| **name == *"authorization");
    if !has_own && (!url.username().is_empty() || url.password().is_some()) {
        headers.push(header("authorization", MASK));
    }
    if !pairs.is_empty() {
        headers.push(header("cookie", &pairs.join("; ")));
    }
    let no_body = Body::new(None, Vec::new());
    let body = request.body.as_ref();
    match content_type(request, body.unwrap_or(&no_body)) {
        // Without it, curl would send the type of forms with any body.
        "" if body.is_some() || expects_a_body(request.method) => {
            headers.push("content-type:".to_owned());
        }
        "" => {}
        content_type => headers.push(header("content-type", &known.hide(content_type))),
    }
    headers
}

fn header(name: &str, value: &str) -> String {
    if value.is_empty() {
        // With a colon, curl would take one of its own away.
        format!("{name};")
    } else {
        format!("{name}: {}", cut(&printable(value), MAX_HEADER_CHARS))
    }
}

fn command(method: Method, follow: Follow, url: &str) -> String {
    let mut command = match method {
        Method::Head => "curl -I".to_owned(),
        Method::Get
        | Method::Post
        | Method::Put
        | Method::Patch
        | Method::Delete
        | Method::Options => "curl -i".to_owned(),
    };
    match follow {
        Follow::Yes => command.push_str(" -L"),
        Follow::No => {}
    }
    // curl would take them for a set of URLs.
    if url.contains(['[', ']', '{', '}']) {
        command.push_str(" -g");
    }
    command
}

/// The method, where it does not follow from the rest.
fn method(method: Method, body: &ShownBody) -> Option<String> {
    let follows = match (method, body) {
        (Method::Head | Method::Get, ShownBody::None) => true,
        (Method::Post, ShownBody::Text(_) | ShownBody::Piped(_) | ShownBody::LeftOut(_)) => true,
        (
            Method::Get
            | Method::Post
            | Method::Put
            | Method::Patch
            | Method::Delete
            | Method::Head
            | Method::Options,
            ShownBody::None | ShownBody::Text(_) | ShownBody::Piped(_) | ShownBody::LeftOut(_),
        ) => false,
    };
    (!follows).then(|| format!("-X {method}"))
}

/// Methods that are sent with a body of no bytes rather than without one.
fn expects_a_body(method: Method) -> bool {
    match method {
        Method::Post | Method::Put | Method::Patch => true,
        Method::Get | Method::Delete | Method::Head | Method::Options => false,
    }
}

fn steers(c: char) -> bool {
    c.is_control() || is_unseen(c)
}

/// A text as `printf %b` reads it.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\\' {
            escaped.push_str("\\\\");
        } else if steers(c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                escaped.push_str(&format!("\\0{byte:03o}"));
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// A text as one word of a shell.
fn quote(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_./:@%+,-".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use url::Url;

    use super::*;
    use crate::exchange::mask::Secrets;
    use crate::{
        base::{redirects::Redirects, timeouts::Timeouts},
        exchange::{BodyUse, HeaderText, json},
    };

    #[test]
    fn the_shell_reads_each_word_as_it_was() {
        let words = [
            "plain/._-:@%+,",
            "",
            " ",
            "it's",
            "'''",
            "a\\'b\\n",
            "$HOME `id` $(id) !! ~ * ? [a] {b,c} # ; & | < > \"",
            "-n",
            "=x",
            "zażółć \u{1F3F9}",
            "two\nlines\r\n",
        ];
        for word in words {
            assert_eq!(sh(&format!("printf %s {}", quote(word))), word, "{word:?}");
        }
        for text in ["a\\0b\\", "-x %s\0\u{1b}[31m\r\n\t\u{202e}\n\n", "\\c"] {
            let command = format!("printf %b {}", quote(&escape(text)));
            assert!(!command.chars().any(steers), "{command:?}");
            assert_eq!(sh(&command), text, "{text:?}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn commands_say_what_is_sent() {
        let form = || Some(Body::new(Some(form::CONTENT_TYPE), form::encode([("username", "it's"), ("password", "p")])));
        let typed = |text: &str| Some(Body::new(Some(json::CONTENT_TYPE), text));
        let plain = |text: &str| Some(Body::new(None, text));
        let rows: [(Request, &str); 15] = [
            (asked(Method::Get,     "/a?b=c d",  &[], None),   "curl -i 'http://host/a?b=c%20d'"),
            (asked(Method::Get,     "/plain",    &[], None),   "curl -i http://host/plain"),
            (asked(Method::Get,     "/?a[0]={}", &[], None),   "curl -i -g 'http://host/?a[0]={}'"),
            (asked(Method::Get,     "http://ada:pw@host/", &[], None), "curl -i http://host/ -H 'authorization: ***'"),
            (asked(Method::Head,    "/",         &[], None),   "curl -I http://host/"),
            (asked(Method::Delete,  "/1",        &[], None),   "curl -i http://host/1 -X DELETE"),
            (asked(Method::Get,     "/",         &[("accept", "text/*"), ("x-empty", ""), ("cookie", "a=b; c=d"), ("authorization", "Bearer x")], None),
                "curl -i http://host/ -H 'accept: text/*' -H 'x-empty;' -H 'authorization: ***' -H 'cookie: a=***; c=***'"),
            (asked(Method::Post,    "/login",    &[], form()), "curl -i http://host/login -H 'content-type: application/x-www-form-urlencoded' --data-raw 'username=it%27s&password=***'"),
            (asked(Method::Post,    "/",         &[], typed(r#"{"n":"it's","pin":1234}"#)),
                r#"curl -i http://host/ -H 'content-type: application/json' --data-raw '{"n":"it'\''s","pin":***}'"#),
            (asked(Method::Put,     "/",         &[("content-type", "text/plain")], typed("x")), "curl -i http://host/ -X PUT -H 'content-type: text/plain' --data-raw x"),
            (asked(Method::Post,    "/",         &[], None),   "curl -i http://host/ -H content-type: --data-raw ''"),
            (asked(Method::Post,    "/",         &[], plain("@file")), "curl -i http://host/ -H content-type: --data-raw @file"),
            (asked(Method::Post,    "/",         &[], plain("a\r\n'b\0\\")), r"printf %b 'a\0015\0012'\''b\0000\\' | curl -i http://host/ -H content-type: --data-binary @-"),
            (asked(Method::Post,    "/",         &[], plain(&"x".repeat(1_001))), "curl -i http://host/ -H content-type: --data-binary '@(1001 bytes, not shown)'"),
            (asked(Method::Get,     "/",         &[], Some(Body::new(None, vec![0xff, 1]))), "curl -i http://host/ -X GET -H content-type: --data-binary '@(2 bytes, not shown)'"),
        ];
        for (request, expected) in rows {
            let curl = Curl::of(&request, &[], Follow::No, &Known::of(&request, &[], &Secrets::default()));
            assert_eq!(curl.to_string(), expected);
            assert_eq!(curl.headers_left_out, 0);
        }
    }

    #[test]
    fn cookies_of_the_jar_stand_before_those_of_the_plan() {
        let cookies = [Cookie {
            name: "session".into(),
            value: "s3cr3t".into(),
        }];
        let request = asked(Method::Get, "/", &[("cookie", "theme=dark")], None);
        let curl = Curl::of(
            &request,
            &cookies,
            Follow::Yes,
            &Known::of(&request, &cookies, &Secrets::default()),
        );
        assert_eq!(
            curl.to_string(),
            "curl -i -L http://host/ -H 'cookie: session=***; theme=***'"
        );
    }

    #[test]
    fn nothing_makes_a_command_long() {
        let names: Vec<String> = (0..30).map(|n| format!("x-{n}")).collect();
        let long = "v".repeat(9_000);
        let headers: Vec<_> = names.iter().map(|name| (&**name, &*long)).collect();
        let request = asked(Method::Get, &format!("/{long}"), &headers, None);
        let curl = Curl::of(&request, &[], Follow::No, &Known::default());
        assert_eq!(curl.headers_left_out, 10);
        let value = "v".repeat(MAX_HEADER_CHARS);
        assert_eq!(curl.parts[2], format!("-H 'x-0: {value}…'"));
        assert_eq!(
            curl.parts[1].chars().count(),
            "''…".len() - 2 + MAX_URL_CHARS
        );
        assert_eq!(curl.parts.len(), 2 + MAX_HEADERS);
    }

    /// What a shell writes when it runs `command`.
    fn sh(command: &str) -> String {
        let ran = Command::new("sh").args(["-c", command]).output().unwrap();
        assert!(ran.status.success(), "{command}");
        String::from_utf8(ran.stdout).unwrap()
    }

    fn asked(method: Method, url: &str, headers: &[(&str, &str)], body: Option<Body>) -> Request {
        let header = |(name, value): &(&str, &str)| {
            ((*name).into(), HeaderText::new(*value).expect("printable"))
        };
        Request {
            method,
            url: Url::parse("http://host").unwrap().join(url).unwrap(),
            headers: headers.iter().map(header).collect(),
            body,
            timeouts: Timeouts::of_total(std::time::Duration::from_secs(1)),
            body_use: BodyUse::Count,
            redirects: Redirects::Follow,
            encoded: crate::exchange::Encoded::default(),
        }
    }
}
