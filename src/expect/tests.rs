//! Each expectation, kept and broken.

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
