//! A failure as a person wants to see it: what was asked, what came, how to ask again.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::{
    Cookie, Failure, MAX_BEGINNING_BYTES, Partial, Request, Response,
    curl::{Curl, Follow},
    mask::{self, Known, Secrets},
};
use crate::base::printable::{cut, printable};

/// How many characters of a detail and of a request an example keeps: enough
/// for a URL with its query, too little for a whole page.
pub const MAX_EXAMPLE_CHARS: usize = 300;

/// How many headers of an answer an example keeps; the rest is counted.
const MAX_HEADERS: usize = 20;

/// How many characters of a header's name and of its value an example keeps.
const MAX_HEADER_CHARS: usize = 200;

/// How many bytes of an answer that is no text are shown.
const MAX_BINARY_BYTES: usize = 16;

/// How large a body is decompressed and decoded for an example alone, in bytes as it
/// came: the largest pages. A bomb of this size is stopped after a tenth of a second.
const MAX_READ_BYTES: usize = 64 << 10;

/// One failure as it happened, fit to be shown: secrets are masked ([`mask`]), no text
/// steers a terminal ([`printable`]), and all of it is bounded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Example {
    /// "expected status below 400, got 500"
    pub detail: String,
    /// "POST http://127.0.0.1:5000/12/delete"
    pub request: String,
    /// How to send it again; `None` if nothing was sent.
    pub curl: Option<Curl>,
    /// What came of the answer; `None` if not even a head did.
    pub answer: Option<ExampleAnswer>,
}

/// The head of an answer, and how its body begins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExampleAnswer {
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// How many more headers there were.
    pub headers_left_out: usize,
    /// The first [`MAX_BEGINNING_BYTES`] of the body, as text.
    pub body_beginning: String,
}

/// What an example is made of: everything is still as it went over the wire.
#[derive(Debug)]
pub struct Evidence<'a> {
    pub request: &'a Request,
    /// Those that the user holds for it now.
    pub cookies: &'a [Cookie],
    pub follow: Follow,
    /// The answer, if it came to its end.
    pub response: Option<&'a Response>,
    /// Those of the run.
    pub secrets: &'a Secrets,
}

impl ExampleAnswer {
    /// An answer that came to its end.
    pub fn of(response: &Response, known: &Known) -> ExampleAnswer {
        let body = beginning_of(response, known);
        answer(response.status, &response.headers, body, known)
    }

    /// An answer that broke off behind its head.
    pub fn of_partial(partial: &Partial, known: &Known) -> ExampleAnswer {
        let body = beginning(&partial.beginning, known);
        answer(partial.status, &partial.headers, body, known)
    }
}

impl Example {
    /// An example of a failed exchange.
    pub fn of(evidence: &Evidence<'_>, failure: &Failure) -> Example {
        let Evidence {
            request,
            cookies,
            follow,
            response,
            secrets,
        } = evidence;
        let known = Known::of(request, cookies, secrets);
        let answer = match (response, &failure.partial) {
            (Some(response), _) => Some(ExampleAnswer::of(response, &known)),
            (None, Some(partial)) => Some(ExampleAnswer::of_partial(partial, &known)),
            (None, None) => None,
        };
        Example {
            detail: detail(&failure.detail, &known),
            request: cut(&printable(&known.hide(&request.line())), MAX_EXAMPLE_CHARS),
            curl: Some(Curl::of(request, cookies, *follow, &known)),
            answer,
        }
    }

    /// An example of a failure that came before anything was sent; `what` is what
    /// was not.
    pub fn unsent(what: &str, failure: &Failure, secrets: &Secrets) -> Example {
        let known = Known::secrets(secrets);
        Example {
            detail: detail(&failure.detail, &known),
            request: cut(
                &printable(&mask::text(&known.hide(what))),
                MAX_EXAMPLE_CHARS,
            ),
            curl: None,
            answer: None,
        }
    }
}

fn detail(text: &str, known: &Known) -> String {
    let masked = mask::text(&known.hide(text));
    cut(&printable(&masked), MAX_EXAMPLE_CHARS)
}

fn answer(
    status: u16,
    headers: &super::Headers,
    body_beginning: String,
    known: &Known,
) -> ExampleAnswer {
    let shown = headers.iter().take(MAX_HEADERS).map(|(name, value)| {
        let value = known.hide(&String::from_utf8_lossy(value));
        let value = mask::header(name, &value);
        (
            cut(&printable(name), MAX_HEADER_CHARS),
            cut(&printable(&value), MAX_HEADER_CHARS),
        )
    });
    ExampleAnswer {
        status,
        headers: shown.collect(),
        headers_left_out: headers.iter().count().saturating_sub(MAX_HEADERS),
        body_beginning,
    }
}

/// How the body begins: decompressed and in its charset, where it was kept and is not
/// large; otherwise as it came.
fn beginning_of(response: &Response, known: &Known) -> String {
    if response.body.is_empty() {
        return beginning(&response.beginning, known);
    }
    if response.body.len() > MAX_READ_BYTES {
        return beginning(&response.body, known);
    }
    match (response.content(), response.text()) {
        (Ok(content), Ok(_)) if is_binary(first(content)) => beginning(content, known),
        (Ok(_), Ok(text)) => beginning(text.as_bytes(), known),
        (Err(_), _) | (_, Err(_)) => beginning(&response.body, known),
    }
}

fn first(body: &[u8]) -> &[u8] {
    &body[..body.len().min(MAX_BEGINNING_BYTES)]
}

/// The first bytes as text if they are some, otherwise as numbers.
fn beginning(body: &[u8], known: &Known) -> String {
    let first = first(body);
    if is_binary(first) {
        let mut shown = String::from("(no text:");
        for byte in first.iter().take(MAX_BINARY_BYTES) {
            write!(shown, " {byte:02x}").expect("a String takes all");
        }
        shown.push_str(if body.len() > MAX_BINARY_BYTES {
            " …)"
        } else {
            ")"
        });
        return shown;
    }
    let mut text = String::with_capacity(first.len());
    for chunk in first.utf8_chunks() {
        text.push_str(chunk.valid());
        let rest = chunk.invalid();
        // The cut may have gone through a character.
        if !rest.is_empty() && !first.ends_with(rest) {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    printable(&mask::text(&known.hide(&text))).into_owned()
}

/// Whether there are more bytes in it that no text has than a text in another
/// charset would have.
fn is_binary(bytes: &[u8]) -> bool {
    let odd = bytes
        .iter()
        .filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127));
    bytes.contains(&0) || odd.count() > bytes.len() / 16
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::{
        base::{method::Method, redirects::Redirects, timeouts::Timeouts},
        exchange::{Body, BodyUse, Content, FailureKind, HeaderText, form},
    };

    #[test]
    fn an_example_shows_what_was_asked_and_what_came() {
        let request = request();
        let failure = Failure::new(
            FailureKind::Status,
            "expected 200, got 403 at http://ada:pw@host/",
        );
        let example = Example::of(
            &evidence(&request, &[], Some(&response(b"<p>no</p>"))),
            &failure,
        );
        assert_eq!(
            example,
            Example {
                detail: "expected 200, got 403 at http://***@host/".to_owned(),
                request: "POST http://host/login?next=/".to_owned(),
                curl: example.curl.clone(),
                answer: Some(ExampleAnswer {
                    status: 403,
                    headers: vec![
                        ("content-type".to_owned(), "text/␛[31mhtml".to_owned()),
                        ("set-cookie".to_owned(), "session=***; Path=/".to_owned()),
                    ],
                    headers_left_out: 0,
                    body_beginning: "<p>no</p>".to_owned(),
                }),
            }
        );
        assert_eq!(
            example.curl.unwrap().to_string(),
            "curl -i 'http://host/login?next=/' -H 'authorization: ***' -H 'content-type: \
             application/x-www-form-urlencoded' --data-raw 'username=ada&password=***'"
        );
    }

    #[test]
    fn what_broke_after_its_head_shows_what_had_come() {
        let request = request();
        let failure = Failure::new(FailureKind::TruncatedBody, "closed").after(Partial {
            status: 200,
            headers: crate::exchange::Headers::default(),
            beginning: b"half a pa".to_vec(),
        });
        let answer = Example::of(&evidence(&request, &[], None), &failure).answer;
        assert_eq!(answer.as_ref().map(|answer| answer.status), Some(200));
        assert_eq!(answer.unwrap().body_beginning, "half a pa");

        let failure = Failure::new(FailureKind::Refused, "nobody listens");
        let example = Example::of(&evidence(&request, &[], None), &failure);
        assert_eq!(example.answer, None);
        assert!(example.curl.is_some());
    }

    #[test]
    fn what_an_answer_repeats_of_the_request_is_masked() {
        let request = request();
        let cookies = [Cookie {
            name: "session".into(),
            value: "c00kie-value".into(),
        }];
        let bodies = [
            ("you said p@ss w&rd<1>'", "you said ***"),
            ("you said p@ss w&amp;rd&lt;1&gt;&#39;!", "you said ***!"),
            ("?p=p%40ss+w%26rd%3C1%3E%27&x", "?p=***&x"),
            ("your cookie: c00kie-value.", "your cookie: ***."),
            ("Basic YWRhOnVybC1zZWNyZXQ=", "Basic ***"),
            ("url-secret", "***"),
            // Cut by whoever kept only the beginning.
            ("your cookie: c00kie-va", "your cookie: ***"),
            ("your cookie: c00ki", "your cookie: c00ki"),
        ];
        for (body, shown) in bodies {
            let failure = Failure::new(FailureKind::Expectation, format!("got {body}"));
            let response = response(body.as_bytes());
            let example = Example::of(&evidence(&request, &cookies, Some(&response)), &failure);
            assert_eq!(example.answer.unwrap().body_beginning, shown);
            assert_eq!(example.detail, format!("got {shown}"));
        }
    }

    #[test]
    fn bodies_are_shown_as_text_if_they_are_some() {
        let long = "ż".repeat(400);
        let cut = "ż".repeat(256);
        let odd_cut = format!("a{}", "ż".repeat(255));
        let rows: [(&[u8], &str); 7] = [
            (b"", ""),
            (
                "zażółć\n\u{1b}[31m\u{202e}".as_bytes(),
                "zażółć\n␛[31m\u{fffd}",
            ),
            (
                b"za\xbf\xf3\xb3\xe6 w ISO-8859-2",
                "za\u{fffd}\u{fffd}\u{fffd} w ISO-8859-2",
            ),
            (b"\x1f\x8b\x08\0\0\0", "(no text: 1f 8b 08 00 00 00)"),
            (
                &[7; 100],
                "(no text: 07 07 07 07 07 07 07 07 07 07 07 07 07 07 07 07 …)",
            ),
            (long.as_bytes(), &cut),
            // The 512th byte is the first of two.
            (&[b"a", long.as_bytes()].concat(), &odd_cut),
        ];
        for (body, shown) in rows {
            assert_eq!(beginning(body, &Known::default()), shown);
        }
    }

    #[test]
    fn nothing_makes_an_example_long() {
        let mut request = request();
        let long = "ż".repeat(100_000);
        request.url.set_path(&long);
        let response = Response {
            headers: (0..200).map(|_| (&*long, &*long)).collect(),
            ..response(long.as_bytes())
        };
        let failure = Failure::new(FailureKind::Status, long.clone());
        let example = Example::of(&evidence(&request, &[], Some(&response)), &failure);
        assert_eq!(example.answer.as_ref().unwrap().headers_left_out, 180);
        assert!(format!("{example:?}").len() < 40_000);

        let unsent = Example::unsent(&long, &failure, &Secrets::default());
        let kept = format!("{}…", "ż".repeat(MAX_EXAMPLE_CHARS));
        assert_eq!((&unsent.detail, &unsent.request), (&kept, &kept));
    }

    fn evidence<'a>(
        request: &'a Request,
        cookies: &'a [Cookie],
        response: Option<&'a Response>,
    ) -> Evidence<'a> {
        Evidence {
            request,
            cookies,
            follow: Follow::No,
            response,
            secrets: NO_SECRETS.get_or_init(Secrets::default),
        }
    }

    static NO_SECRETS: std::sync::OnceLock<Secrets> = std::sync::OnceLock::new();

    fn request() -> Request {
        let fields = [("username", "ada"), ("password", "p@ss w&rd<1>'")];
        Request {
            method: Method::Post,
            url: Url::parse("http://ada:url-secret@host/login?next=/").unwrap(),
            headers: Vec::<(std::sync::Arc<str>, HeaderText)>::new(),
            body: Some(Body::new(Some(form::CONTENT_TYPE), form::encode(fields))),
            timeouts: Timeouts::of_total(std::time::Duration::from_secs(1)),
            body_use: BodyUse::Keep,
            redirects: Redirects::Follow,
            encoded: crate::exchange::Encoded::default(),
        }
    }

    fn response(body: &[u8]) -> Response {
        let headers = [
            ("content-type", "text/\u{1b}[31mhtml"),
            ("set-cookie", "session=abc; Path=/"),
        ];
        Response {
            status: 403,
            url: Url::parse("http://host/").unwrap(),
            headers: headers.into_iter().collect(),
            body: body.to_vec(),
            content: Content::default(),
            beginning: Vec::new(),
            body_bytes: body.len() as u64,
            worth: crate::exchange::Worth::Content,
        }
    }
}
