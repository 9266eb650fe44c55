//! Heads: that of a request as it is written, that of an answer as it is read.
//!
//! Pure: bytes and texts, no connection.

use std::mem::MaybeUninit;

use httparse::{Header, ParserConfig, Response, Status};
use memchr::{memchr, memchr_iter};

use super::framing::{Chunk, Framing};
use crate::{
    base::method::Method,
    exchange::{Headers, Partial},
};

/// The largest head of an answer, in bytes: what is said before it (100, 103) included.
///
/// Servers refuse requests with an eighth of that; an answer that says more is no
/// answer but a mistake, or an attack.
pub const MAX_HEAD_BYTES: usize = 256 << 10;

/// The most headers that an answer may have.
pub const MAX_HEADERS: usize = 1_000;

/// The head of an answer.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) headers: Headers,
    /// Where its body ends; `None` if there is none.
    pub(super) framing: Option<Framing>,
    /// Whether the server will read another request after it.
    pub(super) kept: Kept,
}

/// What becomes of a connection after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    Open,
    Closed,
}

/// Why a head cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum BadHead {
    /// What about it is not HTTP.
    NotHttp(String),
    /// It has more than [`MAX_HEAD_BYTES`] or [`MAX_HEADERS`].
    TooLarge,
}

impl Head {
    /// How long the body is going to be, as far as the head says, in bytes.
    pub(super) fn announced_bytes(&self) -> usize {
        match self.framing {
            Some(Framing::Length(bytes)) => usize::try_from(bytes).unwrap_or(usize::MAX),
            Some(Framing::Chunks(_) | Framing::ToTheEnd) | None => 0,
        }
    }

    /// What is shown of it where the answer was broken off.
    pub(super) fn into_partial(self) -> Partial {
        Partial {
            status: self.status,
            headers: self.headers,
            beginning: Vec::new(),
        }
    }
}

/// What of a connection's bytes is a head.
#[derive(Debug)]
pub(super) enum Found {
    /// Not yet all of one.
    Part,
    /// One that is not the answer yet (100, 103); it has so many bytes.
    Interim(usize),
    /// That of the answer; it has so many bytes.
    Answer(Head, usize),
}

/// Looks for the head of an answer to a `method` request at the beginning of `bytes`.
///
/// `searched` is how many of them were there the last time, when it was not found.
///
/// # Errors
///
/// [`BadHead`], as soon as it is certain.
pub(super) fn find(bytes: &[u8], searched: usize, method: Method) -> Result<Found, BadHead> {
    let beginning = without_empty_lines(bytes);
    // An empty line of which the end is still to come.
    if beginning == b"\r" {
        return Ok(Found::Part);
    }
    let begins = |what: &[u8]| beginning.iter().zip(what).all(|(one, other)| one == other);
    if !begins(b"HTTP/1.") {
        return Err(BadHead::NotHttp(format!(
            "it begins with {:?}",
            String::from_utf8_lossy(&beginning[..beginning.len().min(16)])
        )));
    }
    let skipped = bytes.len() - beginning.len();
    match end_of_head(bytes, searched.saturating_sub(3).max(skipped)) {
        Some(end) => Ok(match parse(&bytes[skipped..end], method)? {
            Found::Part => Found::Part,
            Found::Interim(size) => Found::Interim(skipped + size),
            Found::Answer(head, size) => Found::Answer(head, skipped + size),
        }),
        None if bytes.len() > MAX_HEAD_BYTES => Err(BadHead::TooLarge),
        None => Ok(Found::Part),
    }
}

/// Some servers end a body with a line end too many, before the next answer.
fn without_empty_lines(mut bytes: &[u8]) -> &[u8] {
    while let Some(rest) = bytes
        .strip_prefix(b"\r\n")
        .or_else(|| bytes.strip_prefix(b"\n"))
    {
        bytes = rest;
    }
    bytes
}

/// Behind the first empty line at or after `from`.
fn end_of_head(bytes: &[u8], from: usize) -> Option<usize> {
    memchr_iter(b'\n', &bytes[from..]).find_map(|place| match &bytes[from + place + 1..] {
        [b'\n', ..] => Some(from + place + 2),
        [b'\r', b'\n', ..] => Some(from + place + 3),
        _ => None,
    })
}

/// Most answers have fewer, and these fit on the stack.
const USUAL_HEADERS: usize = 64;

fn parse(bytes: &[u8], method: Method) -> Result<Found, BadHead> {
    let mut few = [const { MaybeUninit::uninit() }; USUAL_HEADERS];
    match parse_into(bytes, &mut few, method) {
        Err(httparse::Error::TooManyHeaders) => {
            let mut many = vec![MaybeUninit::uninit(); MAX_HEADERS];
            match parse_into(bytes, &mut many, method) {
                Err(httparse::Error::TooManyHeaders) => Err(BadHead::TooLarge),
                other => other.unwrap_or_else(|error| Err(not_http(error))),
            }
        }
        other => other.unwrap_or_else(|error| Err(not_http(error))),
    }
}

fn not_http(error: httparse::Error) -> BadHead {
    BadHead::NotHttp(error.to_string())
}

fn parse_into<'b>(
    bytes: &'b [u8],
    room: &mut [MaybeUninit<Header<'b>>],
    method: Method,
) -> Result<Result<Found, BadHead>, httparse::Error> {
    let mut config = ParserConfig::default();
    // As browsers do.
    config.allow_obsolete_multiline_headers_in_responses(true);
    config.allow_spaces_after_header_name_in_responses(true);
    let mut response = Response::new(&mut []);
    let parsed = config.parse_response_with_uninit_headers(&mut response, bytes, room)?;
    let Status::Complete(size) = parsed else {
        return Ok(Err(BadHead::NotHttp("its head does not end".to_owned())));
    };
    let (Some(status), Some(version)) = (response.code, response.version) else {
        return Ok(Err(BadHead::NotHttp("it has no status".to_owned())));
    };
    if (100..200).contains(&status) && status != SWITCHING_PROTOCOLS {
        return Ok(Ok(Found::Interim(size)));
    }
    let headers = response.headers;
    Ok(
        framing(status, version, headers, method).map(|(framing, kept)| {
            let head = Head {
                status,
                headers: owned(headers, bytes.len()),
                framing,
                kept,
            };
            Found::Answer(head, size)
        }),
    )
}

/// A value that goes over several lines is on one then.
fn owned(headers: &[Header<'_>], head_bytes: usize) -> Headers {
    let mut all = Headers::with_room(headers.len(), head_bytes);
    for Header { name, value } in headers {
        match memchr(b'\n', value) {
            None => all.push(name, [*value]),
            Some(_) => {
                let lines = value.split(|byte| *byte == b'\n');
                all.push(name, lines.map(<[u8]>::trim_ascii));
            }
        }
    }
    all
}

/// What the headers say that decide over the end of the body.
#[derive(Default)]
struct Said {
    has_length: bool,
    /// It has codings of the way here, of which the last one is or is not chunks.
    chunked: Option<bool>,
    close: bool,
    keep_alive: bool,
}

impl Said {
    /// Of a list it matters little on how many lines it is.
    fn by(headers: &[Header<'_>]) -> Said {
        let mut said = Said::default();
        for Header { name, value } in headers {
            // Most are told apart by their size alone.
            match name.len() {
                10 if name.eq_ignore_ascii_case("connection") => {
                    for word in words(value) {
                        said.close |= word.eq_ignore_ascii_case(b"close");
                        said.keep_alive |= word.eq_ignore_ascii_case(b"keep-alive");
                    }
                }
                14 if name.eq_ignore_ascii_case(CONTENT_LENGTH) => said.has_length = true,
                17 if name.eq_ignore_ascii_case("transfer-encoding") => {
                    for word in words(value) {
                        said.chunked = Some(word.eq_ignore_ascii_case(b"chunked"));
                    }
                }
                _ => {}
            }
        }
        said
    }

    /// What becomes of the connection.
    fn kept(&self, version: u8) -> Kept {
        match (self.close, version >= 1 || self.keep_alive) {
            (false, true) => Kept::Open,
            (true, _) | (false, false) => Kept::Closed,
        }
    }
}

/// Where the body ends, by RFC 9112, section 6.3; and what becomes of the connection.
fn framing(
    status: u16,
    version: u8,
    headers: &[Header<'_>],
    method: Method,
) -> Result<(Option<Framing>, Kept), BadHead> {
    let said = Said::by(headers);
    let kept = said.kept(version);
    let has_none = method == Method::Head || matches!(status, 204 | 304);
    if status == SWITCHING_PROTOCOLS {
        // What follows is no HTTP, and was not asked for.
        return Ok((None, Kept::Closed));
    }
    if has_none {
        return Ok((None, kept));
    }
    match said.chunked {
        None => Ok(match length(headers)? {
            Some(length) => (Some(Framing::Length(length)), kept),
            None => (Some(Framing::ToTheEnd), Kept::Closed),
        }),
        Some(false) => Ok((Some(Framing::ToTheEnd), Kept::Closed)),
        Some(true) => {
            // With a length beside the chunks, or from a server that should not know
            // them, somebody on the way may have understood another end.
            let kept = match (said.has_length, version) {
                (false, 1..) => kept,
                (true, _) | (false, 0) => Kept::Closed,
            };
            Ok((Some(Framing::Chunks(Chunk::Size)), kept))
        }
    }
}

/// The status that agrees to another protocol, which is never asked for.
const SWITCHING_PROTOCOLS: u16 = 101;

const CONTENT_LENGTH: &str = "content-length";

fn length(headers: &[Header<'_>]) -> Result<Option<u64>, BadHead> {
    let mut known = None;
    let is_length = |header: &&Header<'_>| header.name.eq_ignore_ascii_case(CONTENT_LENGTH);
    let lengths = headers.iter().filter(is_length);
    for word in lengths.flat_map(|header| words(header.value)) {
        let length = decimal(word).ok_or_else(|| {
            let text = String::from_utf8_lossy(word);
            BadHead::NotHttp(format!("the length of its body is {text:?}"))
        })?;
        match known {
            Some(before) if before != length => {
                return Err(BadHead::NotHttp(format!(
                    "its body has two lengths, {before} and {length}"
                )));
            }
            Some(_) | None => known = Some(length),
        }
    }
    Ok(known)
}

fn decimal(word: &[u8]) -> Option<u64> {
    let digits = std::str::from_utf8(word).ok()?;
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| digits.parse().ok())
        .flatten()
}

/// The elements of a header that is a list.
fn words(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii)
}
