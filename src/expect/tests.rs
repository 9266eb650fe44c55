//! Each expectation, kept and broken.

use url::Url;

use super::*;
use crate::{
    exchange::{Content, Response},
    extract::Page,
};

const TOOK: Duration = Duration::from_millis(1250);

fn hold(check: &Check, status: u16, path: &str, body: &str, operand: &str) -> String {
    let response = Response {
        status,
        url: Url::parse("http://flaskr.test")
            .unwrap()
            .join(path)
            .unwrap(),
        headers: [
            ("content-type", "text/html"),
            ("x-part", "1"),
            ("x-part", "2"),
        ]
        .into_iter()
        .collect(),
        body: body.as_bytes().to_vec(),
        content: Content::default(),
        beginning: Vec::new(),
        body_bytes: body.len() as u64,
        worth: crate::exchange::Worth::Content,
    };
    match check.hold(&response, TOOK, &Page::new(&response), operand) {
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
#[rustfmt::skip]
fn pages_headers_and_json_are_what_they_should_be_or_told_of() {
    let page = "<title>Posts</title><h1> All\n  posts </h1><p>1</p><p>2</p>";
    let items = r#"{"n": 1.0, "ids": [1, 2], "one": [5], "on": null, "o": {"a": 1, "b": "x"}}"#;
    let css = |css: &str| Selector::new(css).unwrap();
    let path = |path: &str| JsonPath::new(path).unwrap();
    let json = |at: &str, value| Check::Json(path(at), value);
    let ints = |ints: &[i64]| Value::List(ints.iter().copied().map(Value::Int).collect());
    let shows = |selector: &str, text: &str| Check::Shows(css(selector), text.into());
    let map = || Value::Map([("b".into(), Value::text("x")), ("a".into(), Value::Int(1))].into());
    let rows = [
        (Check::HasHeader("x-part".into()),  page, "",          "holds"),
        (Check::HasHeader("etag".into()),    page, "",          "expectation: the answer has no header `etag`; it has `content-type`, `x-part`"),
        (Check::Header("content-type".into()), page, "text/html", "holds"),
        (Check::Header("x-part".into()),     page, "2",         "holds"),
        (Check::Header("x-part".into()),     page, "3",         "expectation: the header `x-part` is `1`, not `3`"),
        (Check::Header("etag".into()),       page, "3",         "expectation: the answer has no header `etag`; it has `content-type`, `x-part`"),
        (Check::Matches(Pattern::new("<p>\\d").unwrap()), page, "", "holds"),
        (Check::Matches(Pattern::new("^x").unwrap()),    page, "", "expectation: `^x` matches nothing in the body; the page's title is `Posts`"),
        (Check::Present(css("p")),           page, "",          "holds"),
        (Check::Present(css("li")),          page, "",          "expectation: `li` matched 0 elements; the page's title is `Posts`"),
        (Check::Count(css("p"), 2),          page, "",          "holds"),
        (Check::Count(css("li"), 0),         page, "",          "holds"),
        (Check::Count(css("p"), 3),          page, "",          "expectation: `p` matched 2 elements, not 3; the page's title is `Posts`"),
        (Check::Count(css("h1"), 2),         page, "",          "expectation: `h1` matched 1 element, not 2; the page's title is `Posts`"),
        (shows("h1", "All posts"),           page, "",          "holds"),
        (shows("p", "1"),                    page, "",          "holds"),
        (shows("h1", "All"),                 page, "",          "expectation: `h1` says `All posts`, not `All`"),
        (shows("li", "All"),                 page, "",          "expectation: `li` matched 0 elements; the page's title is `Posts`"),
        (Check::HasJson(path("$.on")),       items, "",         "holds"),
        (Check::HasJson(path("$.off")),      items, "",         "expectation: `$.off` matched 0 values; the JSON is a mapping with `n`, `ids`, `one`, `on`, `o`"),
        (Check::HasJson(path("$")),          page, "",          "expectation: the body is not JSON (expected value at line 1 column 1); the page's title is `Posts`"),
        (json("$.n", Value::Int(1)),         items, "",         "holds"),
        (json("$.on", Value::Null),          items, "",         "holds"),
        (json("$.o", map()),                 items, "",         "holds"),
        (json("$.ids", ints(&[1, 2])),       items, "",         "holds"),
        (json("$.ids[*]", ints(&[1, 2])),    items, "",         "holds"),
        (json("$.one", ints(&[5])),          items, "",         "holds"),
        (json("$.one[*]", ints(&[5])),       items, "",         "holds"),
        (json("$.one[*]", Value::Int(5)),    items, "",         "holds"),
        (json("$.ids[*]", Value::Int(1)),    items, "",         "expectation: `$.ids[*]` is `[1, 2]`, not `1`"),
        (json("$.n", Value::text("1")),      items, "",         "expectation: `$.n` is `1`, not `\"1\"`"),
        (json("$.o", Value::Null),           items, "",         "expectation: `$.o` is `{\"a\": 1, \"b\": \"x\"}`, not `null`"),
        (json("$.off", Value::Null),         items, "",         "expectation: `$.off` matched 0 values; the JSON is a mapping with `n`, `ids`, `one`, `on`, `o`"),
    ];
    for (check, body, operand, expected) in rows {
        assert_eq!(hold(&check, 200, "/", body, operand), expected, "{check:?}");
    }
}

#[test]
#[rustfmt::skip]
fn sizes_and_times_are_held_to() {
    let size = |range: &str| Check::Size(range.parse().unwrap());
    let within = |ms| Check::Within(Duration::from_millis(ms));
    let rows = [
        (size("4"),      "holds"),
        (size("1..4"),   "holds"),
        (size("..3"),    "expectation: the body has 4 bytes, not ..3B"),
        (size("1kB.."),  "expectation: the body has 4 bytes, not 1kB.."),
        (within(1_250),  "holds"),
        (within(1_249),  "expectation: the answer took 1.25s, longer than 1s249ms"),
    ];
    for (check, expected) in rows {
        assert_eq!(hold(&check, 200, "/", "four", ""), expected, "{check:?}");
    }
}

#[test]
#[rustfmt::skip]
fn only_checks_of_the_page_need_the_body() {
    let css = || Selector::new("p").unwrap();
    let path = || JsonPath::new("$").unwrap();
    let rows = [
        (Check::Status(StatusSet::ok()),             false, "status below 400"),
        (Check::FinalPath,                           false, "final_path"),
        (Check::HasHeader("etag".into()),            false, "header etag"),
        (Check::Header("etag".into()),               false, "header etag as given"),
        (Check::Contains,                            true,  "contains"),
        (Check::Matches(Pattern::new("x").unwrap()), true,  "match of x"),
        (Check::Present(css()),                      true,  "p"),
        (Check::Count(css(), 2),                     true,  "2 of p"),
        (Check::Shows(css(), "x".into()),            true,  "p as \"x\""),
        (Check::Absent(css()),                       true,  "no p"),
        (Check::HasJson(path()),                     true,  "$"),
        (Check::Json(path(), Value::Int(1)),         true,  "$ as 1"),
        (Check::Size("1kB..".parse().unwrap()),      false, "size 1kB.."),
        (Check::Within(Duration::from_secs(1)),      false, "within 1s"),
    ];
    for (check, reads_body, text) in rows {
        assert_eq!(check.reads_body(), reads_body, "{check:?}");
        assert_eq!(check.to_string(), text);
    }
}
