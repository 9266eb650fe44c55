//! Taking secrets out of what is shown: the one place that says what is one.
//!
//! Reports are sent around. What a failure looked like may be in them; what would let
//! a reader log in may not. Each of these becomes [`MASK`]:
//!
//! - credentials in URLs;
//! - the values of the headers `Authorization`, `Proxy-Authorization`, `Cookie` and
//!   `Set-Cookie` (the names of cookies stay), and of headers whose name looks secret;
//! - the values of query parameters, fields of forms and members of JSON whose name
//!   looks secret: see [`is_secret`];
//! - wherever an answer or a message repeats it: any such value that the request or
//!   the user's cookies had, as it is or as forms, JSON and HTML write it ([`Known`]).
//!
//! The values that a plan's `secrets` stand for are hidden wherever a run writes
//! anything, however they are written there: see [`Secrets`].
//!
//! # What is not masked
//!
//! Segments of paths; members of XML and parts of `multipart` bodies; what an answer
//! hands out in HTML, such as the value of a hidden `<input>`; a secret whose name does
//! not look like one; what only other requests of the user had; values of fewer than [`MIN_KNOWN_CHARS`] characters where an answer
//! repeats them, for they would be found everywhere; other encodings of a value. Names of
//! requests and lines of `log` steps are what the plan makes of them.

mod known;
mod secrets;
mod text;

use std::borrow::Cow;

use url::{Position, Url};

use crate::base::address::without_credentials;

pub use known::{Known, MIN_KNOWN_CHARS};
pub use secrets::{MIN_SECRET_CHARS, Secrets};
pub use text::text;

/// What stands in place of a secret.
pub const MASK: &str = "***";

/// A name that holds one of these, in any case and with any punctuation, looks secret.
const SECRET_PARTS: [&str; 18] = [
    "accesskey",
    "apikey",
    "authorization",
    "credential",
    "csrf",
    "jwt",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "pwd",
    "secret",
    "session",
    "signature",
    "ticket",
    "token",
    "xsrf",
];

/// A name that is one of these looks secret; parts of harmless words would.
const SECRET_NAMES: [&str; 6] = ["auth", "otp", "pass", "pin", "sid", "sig"];

/// Whether a field, member, parameter or header of this name holds a secret, by the
/// looks of it.
pub fn is_secret(name: &str) -> bool {
    let name: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    SECRET_PARTS.iter().any(|part| name.contains(part)) || SECRET_NAMES.contains(&name.as_str())
}

/// The value of a header as it may be shown. The name is in lower case.
pub fn header(name: &str, value: &str) -> String {
    match name {
        // Several pairs, of which each has a secret value.
        "cookie" => {
            let pairs = value.split(';').map(|pair| match pair.split_once('=') {
                Some((name, _)) => format!("{}={MASK}", name.trim()),
                None => MASK.to_owned(),
            });
            pairs.collect::<Vec<_>>().join("; ")
        }
        // One pair, and what browsers are told to do with it.
        "set-cookie" => {
            let (pair, attributes) = value.split_at(value.find(';').unwrap_or(value.len()));
            match pair.split_once('=') {
                Some((name, _)) => format!("{name}={MASK}{attributes}"),
                None => format!("{MASK}{attributes}"),
            }
        }
        _ if is_secret(name) => MASK.to_owned(),
        _ => text(value),
    }
}

/// A URL as it may be shown: without credentials, and without its fragment, which is
/// never sent.
pub fn url(url: &Url) -> String {
    let shown = without_credentials(url);
    let place = &shown[..Position::AfterPath];
    match shown.query() {
        None => place.to_owned(),
        Some(query) => format!("{place}?{}", pairs(query)),
    }
}

/// A form or a query, as it is sent, with the values of secret names masked.
pub fn pairs(encoded: &str) -> String {
    let shown = encoded.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_secret(name) => Cow::Owned(format!("{name}={MASK}")),
        Some(_) | None => Cow::Borrowed(pair),
    });
    shown.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_look_secret_however_they_are_written() {
        let secret = [
            "password",
            "Passwd",
            "new-password",
            "user[password]",
            "user%5Bpassword%5D",
            "PWD",
            "client_secret",
            "csrf_token",
            "csrfmiddlewaretoken",
            "X-CSRF-Token",
            "_xsrf",
            "api_key",
            "apiKey",
            "X-Api-Key",
            "AWSAccessKeyId",
            "sessionid",
            "JSESSIONID",
            "sid",
            "otp",
            "pin",
            "auth",
            "proxy-authorization",
            "id_token",
        ];
        for name in secret {
            assert!(is_secret(name), "{name}");
        }
        let harmless = [
            "",
            "username",
            "title",
            "author",
            "key",
            "code",
            "id",
            "passenger",
            "pinned",
            "side",
            "compass",
            "www-authenticate",
            "q",
        ];
        for name in harmless {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn headers_keep_what_helps_and_lose_what_opens_doors() {
        let rows = [
            ("authorization",       "Basic YWRhOnB3",             "***"),
            ("proxy-authorization", "Bearer x",                   "***"),
            ("x-api-key",           "k",                          "***"),
            ("cookie",              "a=1; session=x=y;b=\"2\"",   "a=***; session=***; b=***"),
            ("cookie",              "odd",                        "***"),
            ("set-cookie",          "session=x=y; Path=/; HttpOnly", "session=***; Path=/; HttpOnly"),
            ("set-cookie",          "odd; Path=/",                "***; Path=/"),
            ("location",            "/login?token=x&next=/",      "/login?token=***&next=/"),
            ("location",            "http://ada:pw@host/",        "http://***@host/"),
            ("content-type",        "text/html; charset=utf-8",   "text/html; charset=utf-8"),
        ];
        for (name, value, shown) in rows {
            assert_eq!(header(name, value), shown, "{name}: {value}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn urls_lose_credentials_and_secret_parameters() {
        let rows = [
            ("http://host/a?b=c#token=x",         "http://host/a?b=c"),
            ("http://ada:pw@host:81/a",           "http://host:81/a"),
            ("http://ada@[::1]/",                 "http://[::1]/"),
            ("http://host/?q=1&api_key=x%20;y&z", "http://host/?q=1&api_key=***&z"),
            ("http://host/?",                     "http://host/?"),
            ("http://host/?user%5Bpwd%5D=x",      "http://host/?user%5Bpwd%5D=***"),
        ];
        for (given, shown) in rows {
            assert_eq!(url(&Url::parse(given).unwrap()), shown, "{given}");
        }
    }
}
