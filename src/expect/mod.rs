//! What a response must be.
//!
//! Synchronous and pure: a compiled [`Check`], a response, and the text that the
//! check compares with where it compares with a template's.
//!
//! # What is not here
//!
//! The order of checks, and that the first broken one ends the request: whoever
//! holds several of them decides that.

use std::fmt;

use crate::{
    base::status::StatusSet,
    exchange::{Failure, FailureKind, Response},
    extract::{Page, Selector, excerpt},
};

/// One compiled expectation.
#[derive(Clone, Debug)]
pub enum Check {
    Status(StatusSet),
    /// The path of the last URL of the redirect chain equals the operand.
    FinalPath,
    /// The body holds the operand.
    Contains,
    /// No element of the page matches.
    Absent(Selector),
}

impl Check {
    /// Whether it looks at the body, which then has to be kept.
    pub fn reads_body(&self) -> bool {
        match self {
            Check::Status(_) | Check::FinalPath => false,
            Check::Contains | Check::Absent(_) => true,
        }
    }

    /// Holds a response against the check. `operand` is the rendered text that
    /// `FinalPath` and `Contains` compare with, and empty for the others.
    ///
    /// # Errors
    ///
    /// A [`Failure`] of kind `status` or `expectation` that says what was
    /// expected and what came.
    pub fn hold(&self, response: &Response, page: &Page<'_>, operand: &str) -> Result<(), Failure> {
        let broken = |detail: String| Err(Failure::new(FailureKind::Expectation, detail));
        match self {
            Check::Status(expected) if expected.contains(response.status) => Ok(()),
            Check::Status(expected) => Err(Failure::new(
                FailureKind::Status,
                format!("expected status {expected}, got {}", response.status),
            )),
            Check::FinalPath if ends_at(response, operand) => Ok(()),
            Check::FinalPath => broken(format!(
                "expected to end at `{}`, ended at `{}`",
                excerpt(operand),
                excerpt(response.url.path()),
            )),
            Check::Contains if page.text().contains(operand) => Ok(()),
            Check::Contains => broken(format!(
                "the page does not contain `{}`; {}",
                excerpt(operand),
                page.likeness(),
            )),
            Check::Absent(selector) => match selector.first_text(page) {
                None => Ok(()),
                Some(text) if text.is_empty() => {
                    broken(format!("`{}` is there", selector.source()))
                }
                Some(text) => broken(format!(
                    "`{}` is there: `{}`",
                    selector.source(),
                    excerpt(&text),
                )),
            },
        }
    }
}

/// Whether the chain of redirects ended at a path.
fn ends_at(response: &Response, path: &str) -> bool {
    if response.url.path() == path {
        return true;
    }
    // A plan writes `/żaba`; the URL of the answer has it percent-encoded.
    let mut wanted = response.url.clone();
    wanted.set_path(path);
    path.starts_with('/') && response.url.path() == wanted.path()
}

impl fmt::Display for Check {
    /// What is expected, without the operand, which only a user knows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Check::Status(statuses) => write!(f, "status {statuses}"),
            Check::FinalPath => f.write_str("final_path"),
            Check::Contains => f.write_str("contains"),
            Check::Absent(selector) => write!(f, "no {}", selector.source()),
        }
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    fn hold(check: &Check, status: u16, path: &str, body: &str, operand: &str) -> String {
        let response = Response {
            status,
            url: Url::parse("http://flaskr.test")
                .unwrap()
                .join(path)
                .unwrap(),
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
        };
        match check.hold(&response, &Page::new(&response), operand) {
            Ok(()) => "holds".to_owned(),
            Err(failure) => format!("{}: {}", failure.kind, failure.detail),
        }
    }

    #[test]
    #[rustfmt::skip]
    fn a_status_is_in_the_set_or_named_with_it() {
        let rows = [
            ("ok",  302, "holds"),
            ("ok",  500, "status: expected status below 400, got 500"),
            ("2xx", 204, "holds"),
            ("200", 302, "status: expected status 200, got 302"),
        ];
        for (set, status, expected) in rows {
            let check = Check::Status(set.parse().unwrap());
            assert_eq!(hold(&check, status, "/", "", ""), expected, "{set} {status}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn a_chain_ends_where_it_should_or_tells_where_it_ended() {
        let rows = [
            ("/auth/login",      "/auth/login", "holds"),
            ("/auth/login?n=1",  "/auth/login", "holds"),
            ("/",                "/",           "holds"),
            ("/a%20%C5%82",      "/a ł",        "holds"),
            ("/auth/register",   "/auth/login", "expectation: expected to end at `/auth/login`, ended at `/auth/register`"),
            ("/auth/login/",     "/auth/login", "expectation: expected to end at `/auth/login`, ended at `/auth/login/`"),
            ("/login",           "login",       "expectation: expected to end at `login`, ended at `/login`"),
        ];
        for (ended, operand, expected) in rows {
            assert_eq!(hold(&Check::FinalPath, 200, ended, "", operand), expected, "{ended}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn a_page_contains_or_lacks_what_it_should() {
        let flash = r#"<title>Register</title><div class="flash">User X&#39;s name is
            already registered.</div>"#;
        let absent = || Check::Absent(Selector::new("div.flash").unwrap());
        let rows = [
            (Check::Contains, flash, "already",  "holds"),
            (Check::Contains, flash, "Log Out",  "expectation: the page does not contain `Log Out`; the page's title is `Register`"),
            (Check::Contains, "",    "x",        "expectation: the page does not contain `x`; the page is empty"),
            (absent(),        "<p>", "",         "holds"),
            (absent(),        flash, "",         "expectation: `div.flash` is there: `User X's name is already registered.`"),
            (absent(), "<div class=flash></div>", "", "expectation: `div.flash` is there"),
        ];
        for (check, body, operand, expected) in rows {
            assert_eq!(hold(&check, 200, "/", body, operand), expected, "{check:?}");
        }
    }

    #[test]
    fn only_checks_of_the_page_need_the_body() {
        let absent = Check::Absent(Selector::new("p").unwrap());
        let checks = [
            Check::Status(StatusSet::ok()),
            Check::FinalPath,
            Check::Contains,
            absent,
        ];
        assert_eq!(
            checks.map(|check| check.reads_body()),
            [false, false, true, true]
        );
    }
}
