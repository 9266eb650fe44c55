//! One user's cookies, by RFC 6265.
//!
//! # What is not here
//!
//! A list of public suffixes: a target that sets a cookie for all of `com` tests
//! itself. And a log: a cookie that is refused is refused in silence, as in a browser.

use cookie_store::{Cookie, CookieStore, StoreAction};
use url::Url;

use crate::exchange;

/// The most cookies that a user keeps; RFC 6265 asks for at least as many.
///
/// A target that names each of its cookies anew would otherwise fill the memory
/// in the course of three days.
pub const MAX_COOKIES: usize = 3000;

/// The largest cookie that is kept, name and value together, in bytes; as in browsers.
const MAX_COOKIE_BYTES: usize = 4096;

/// A jar.
#[derive(Debug, Default)]
pub(super) struct Cookies {
    store: CookieStore,
    /// How many are in the store, also those that have expired since.
    count: usize,
}

impl Cookies {
    /// Keeps what the `Set-Cookie` headers of an answer from `url` say.
    pub(super) fn store<'a>(&mut self, lines: impl Iterator<Item = &'a [u8]>, url: &Url) {
        for line in lines {
            let cookie = std::str::from_utf8(line)
                .ok()
                // What could not be sent back is no cookie, for browsers neither.
                .filter(|line| !line.chars().any(|c| c.is_control() && c != '\t'))
                .and_then(|line| Cookie::parse(line, url).ok())
                .filter(|cookie| cookie.name().len() + cookie.value().len() <= MAX_COOKIE_BYTES);
            let Some(cookie) = cookie else { continue };
            if self.count >= MAX_COOKIES {
                self.forget_expired();
            }
            // An expired cookie takes no place: it only ends another.
            if self.count >= MAX_COOKIES && !cookie.is_expired() {
                continue;
            }
            match self.store.insert(cookie.into_owned(), url) {
                Ok(StoreAction::Inserted) => self.count += 1,
                Ok(StoreAction::UpdatedExisting | StoreAction::ExpiredExisting) | Err(_) => {}
            }
        }
    }

    /// The value of the one `Cookie` header for `url`: what the plan says, then
    /// those of the jar that match.
    pub(super) fn header<'a>(
        &self,
        url: &Url,
        own: impl Iterator<Item = &'a str>,
    ) -> Option<String> {
        let mut header = String::new();
        for text in own {
            separate(&mut header);
            header.push_str(text);
        }
        for cookie in self.matching(url) {
            separate(&mut header);
            header.push_str(cookie.name());
            header.push('=');
            header.push_str(cookie.value());
        }
        (!header.is_empty()).then_some(header)
    }

    /// The same cookies, each for itself.
    pub(super) fn sent_to(&self, url: &Url) -> Vec<exchange::Cookie> {
        let matching = self.matching(url).into_iter();
        let cookies = matching.map(|cookie| exchange::Cookie {
            name: cookie.name().into(),
            value: cookie.value().into(),
        });
        cookies.collect()
    }

    /// Those for `url`, longer paths first; among equals the order in which they
    /// came stays.
    fn matching(&self, url: &Url) -> Vec<&Cookie<'static>> {
        if self.count == 0 {
            return Vec::new();
        }
        let mut matching = self.store.matches(url);
        matching.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        matching
    }

    fn forget_expired(&mut self) {
        let expired: Vec<_> = self
            .store
            .iter_any()
            .filter(|cookie| cookie.is_expired())
            .map(|cookie| {
                (
                    String::from(&cookie.domain),
                    String::from(&cookie.path),
                    cookie.name().to_owned(),
                )
            })
            .collect();
        for (domain, path, name) in expired {
            if self.store.remove(&domain, &path, &name).is_some() {
                self.count -= 1;
            }
        }
    }
}

fn separate(header: &mut String) {
    if !header.is_empty() {
        header.push_str("; ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is sent to one address after another address has set a cookie.
    #[test]
    #[rustfmt::skip]
    fn who_gets_which_cookie() {
        //  set by                        Set-Cookie                         asked                       sent
        let rows = [
            ("http://a.test/",            "k=v",                             "http://a.test/x",          "k=v"),
            ("http://a.test/",            "k=v",                             "http://b.test/",           ""),
            ("http://a.test/",            "k=v",                             "http://sub.a.test/",       ""),
            ("http://a.test:81/",         "k=v",                             "http://a.test:82/",        "k=v"),
            ("http://a.test/",            "k=v; Domain=a.test",              "http://sub.a.test/",       "k=v"),
            ("http://sub.a.test/",        "k=v; Domain=.a.test",             "http://a.test/",           "k=v"),
            ("http://a.test/",            "k=v; Domain=b.test",              "http://b.test/",           ""),
            ("http://a.test/",            "k=v; Domain=sub.a.test",          "http://sub.a.test/",       ""),
            ("http://a.test/auth/login",  "k=v",                             "http://a.test/auth/x",     "k=v"),
            ("http://a.test/auth/login",  "k=v",                             "http://a.test/",           ""),
            ("http://a.test/auth/login",  "k=v; Path=/",                     "http://a.test/",           "k=v"),
            ("http://a.test/",            "k=v; Path=/auth",                 "http://a.test/auth",       "k=v"),
            ("http://a.test/",            "k=v; Path=/auth",                 "http://a.test/authors",    ""),
            ("https://a.test/",           "k=v; Secure",                     "http://a.test/",           ""),
            ("https://a.test/",           "k=v; Secure; HttpOnly",           "https://a.test/",          "k=v"),
            ("http://a.test/",            "k=v; Max-Age=0",                  "http://a.test/",           ""),
            ("http://a.test/",            "k=v; Max-Age=60",                 "http://a.test/",           "k=v"),
            ("http://a.test/",            "k=v; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "http://a.test/", ""),
            ("http://a.test/",            "k=v; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "http://a.test/", "k=v"),
            ("http://a.test/",            "k=\"a b\"",                       "http://a.test/",           "k=\"a b\""),
            ("http://a.test/",            "k=",                              "http://a.test/",           "k="),
            ("http://a.test/",            "nonsense",                        "http://a.test/",           ""),
            ("http://127.0.0.1:5000/",    "k=v",                             "http://127.0.0.1:5000/",   "k=v"),
        ];
        for (set_by, line, asked, sent) in rows {
            let mut cookies = Cookies::default();
            cookies.set(set_by, line);
            assert_eq!(cookies.line_for(asked), sent, "{set_by} {line} {asked}");
        }
    }

    #[test]
    fn one_header_in_a_stable_order() {
        let mut cookies = Cookies::default();
        for line in [
            "b=1; Path=/",
            "a=2; Path=/",
            "deep=3; Path=/x",
            "b=4; Path=/",
        ] {
            cookies.set("http://a.test/", line);
        }
        assert_eq!(cookies.line_for("http://a.test/x"), "deep=3; b=4; a=2");
        let url = Url::parse("http://a.test/").unwrap();
        assert_eq!(
            cookies.header(&url, ["mine=0"].into_iter()).as_deref(),
            Some("mine=0; b=4; a=2")
        );
    }

    #[test]
    fn a_jar_has_a_bound_and_lets_the_expired_go() {
        let mut cookies = Cookies::default();
        for n in 0..MAX_COOKIES + 10 {
            cookies.set("http://a.test/", &format!("k{n}=v"));
        }
        assert_eq!(cookies.count, MAX_COOKIES);
        cookies.set("http://a.test/", "k0=; Max-Age=0");
        cookies.set("http://a.test/", "late=v");
        assert_eq!(cookies.count, MAX_COOKIES);
        assert!(cookies.line_for("http://a.test/").ends_with("; late=v"));
        cookies.set(
            "http://a.test/",
            &format!("big={}", "x".repeat(MAX_COOKIE_BYTES)),
        );
        assert!(!cookies.line_for("http://a.test/").contains("big="));
    }

    impl Cookies {
        fn set(&mut self, url: &str, line: &str) {
            let url = Url::parse(url).unwrap();
            self.store([line.as_bytes()].into_iter(), &url);
        }

        fn line_for(&self, url: &str) -> String {
            let url = Url::parse(url).unwrap();
            self.header(&url, std::iter::empty()).unwrap_or_default()
        }
    }
}
