//! The functions of templates, and how they reach the user who renders.
//!
//! The engine calls plain functions, which know nothing of users. So for the
//! time of one evaluation the user's stream and the time lie in a place of this
//! thread, and go back afterwards; nothing else is ever drawn from.

use std::{cell::RefCell, time::Duration};

use jiff::{Timestamp, fmt::strtime};
use minijinja::{Environment, Error, ErrorKind, Value, value::ValueKind};

use super::Scope;
use crate::base::random::Stream;

/// The longest text that `random_string` makes, in characters.
///
/// Long enough for a big form field; a whole file is not made character by
/// character in the middle of a measurement.
const MAX_RANDOM_CHARS: u64 = 64 * 1024;

/// How `now()` writes the time when nothing else is asked for: RFC 3339.
const DEFAULT_TIME_FORMAT: &str = "%Y-%m-%dT%H:%M:%SZ";

/// What functions may draw from.
struct Lent {
    stream: Stream,
    unix_now: Duration,
}

thread_local! {
    static LENT: RefCell<Option<Lent>> = const { RefCell::new(None) };
}

/// Runs `evaluate`, during which functions draw from `scope`.
pub(super) fn lending<T>(scope: &mut dyn Scope, evaluate: impl FnOnce() -> T) -> T {
    let lent = Lent {
        stream: scope.stream().clone(),
        unix_now: scope.unix_now(),
    };
    LENT.set(Some(lent));
    let result = evaluate();
    if let Some(lent) = LENT.take() {
        *scope.stream() = lent.stream;
    }
    result
}

/// Makes the functions known to an engine.
pub(super) fn add_to(environment: &mut Environment<'_>) {
    environment.add_function("uuid", uuid);
    environment.add_function("now", now);
    environment.add_function("random_int", random_int);
    environment.add_function("random_string", random_string);
    environment.add_function("pick", pick);
}

fn uuid() -> String {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&draw(Stream::bits).to_le_bytes());
    bytes[8..].copy_from_slice(&draw(Stream::bits).to_le_bytes());
    uuid::Builder::from_random_bytes(bytes)
        .into_uuid()
        .to_string()
}

fn now(format: Option<&str>) -> Result<String, Error> {
    let unix_now = with_lent(|lent| lent.unix_now);
    let time = i64::try_from(unix_now.as_secs())
        .ok()
        .and_then(|seconds| Timestamp::new(seconds, unix_now.subsec_nanos().cast_signed()).ok())
        .ok_or_else(|| refusal("now() is beyond the calendar".to_owned()))?;
    let format = format.unwrap_or(DEFAULT_TIME_FORMAT);
    strtime::format(format, time)
        .map_err(|error| refusal(format!("now() cannot write \"{format}\": {error}")))
}

fn random_int(least: i64, most: i64) -> Result<i64, Error> {
    if least > most {
        return Err(refusal(format!(
            "random_int({least}, {most}) has no number to choose: the smaller one comes first"
        )));
    }
    let width = most.wrapping_sub(least).cast_unsigned();
    let drawn = draw(|stream| stream.up_to(width));
    Ok(least.wrapping_add(drawn.cast_signed()))
}

fn random_string(length_chars: u64) -> Result<String, Error> {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    if length_chars > MAX_RANDOM_CHARS {
        return Err(refusal(format!(
            "random_string({length_chars}) is too long; at most {MAX_RANDOM_CHARS} characters"
        )));
    }
    let letter = |stream: &mut Stream| {
        let index = usize::try_from(stream.up_to(61)).expect("at most 61");
        char::from(LETTERS[index])
    };
    Ok(draw(|stream| {
        (0..length_chars).map(|_| letter(stream)).collect()
    }))
}

// The engine passes arguments by value.
#[allow(clippy::needless_pass_by_value)]
fn pick(list: Value) -> Result<Value, Error> {
    let length = match list.kind() {
        ValueKind::Seq => list.len().unwrap_or(0),
        kind => return Err(refusal(format!("pick() needs a list, got a {kind}"))),
    };
    let Some(last) = length.checked_sub(1) else {
        return Err(refusal("pick() got an empty list".to_owned()));
    };
    let index = draw(|stream| stream.up_to(last as u64));
    list.get_item(&Value::from(index))
}

pub(super) fn draw<T>(from: impl FnOnce(&mut Stream) -> T) -> T {
    with_lent(|lent| from(&mut lent.stream))
}

fn with_lent<T>(look: impl FnOnce(&mut Lent) -> T) -> T {
    LENT.with_borrow_mut(|lent| look(lent.as_mut().expect("functions are called while lent to")))
}

pub(super) fn refusal(what: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, what)
}
