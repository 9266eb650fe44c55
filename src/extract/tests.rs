//! Pages as flaskr sends them, traps included.

use url::Url;

use super::{Extractor, Page, PatternError, Selector, excerpt};
use crate::{base::value::Value, exchange::Response};

/// The page after `POST /create`: someone else's article first, one's own next.
const INDEX: &str = r#"<!doctype html>
<title>Posts - Flaskr</title>
<nav><h1><a href="/">Flaskr</a></h1><ul>
<li><span>u_1</span><li><a href="/auth/logout">Log Out</a></ul></nav>
<section class="content"><header><h1>Posts</h1>
<a class="action" href="/create">New</a></header>
<article class="post"><header><div><h1>see /9/update</h1>
<div class="about">by other on 2026-11-22</div></div></header>
<p class="body">x</p></article><hr>
<article class="post"><header><div><h1> a &amp; b </h1>
<div class="about">by u_1 on 2026-11-22</div></div>
<a class="action" href="/12/update">Edit</a></header><p class="body">y</p></article><hr>
<article class="post"><header><div><h1>older</h1></div>
<a class="action" href="/7/update">Edit</a></header></article>
</section>"#;

const POST_ID: &str = r#"article.post a.action[href$="/update"]"#;

fn response(body: &str) -> Response {
    Response {
        status: 200,
        url: Url::parse("http://flaskr.test/").unwrap(),
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
    }
}

fn extract(
    body: &str,
    css: &str,
    attr: Option<&str>,
    regex: Option<&str>,
) -> Result<Value, String> {
    let selector = Selector::new(css).expect(css);
    let extractor = Extractor::css(selector, attr, regex).expect(css);
    extractor.extract(&Page::new(&response(body)))
}

#[test]
#[rustfmt::skip]
fn the_first_match_is_taken_and_refined() {
    let href = Some("href");
    let rows = [
        (POST_ID,             href, Some(r"^/(\d+)/update$"), "12"),
        (POST_ID,             href, Some(r"\d+"),             "12"),
        (POST_ID,             href, None,                     "/12/update"),
        ("a.action",          href, None,                     "/create"),
        ("article.post h1",   None, None,                     "see /9/update"),
        ("article:has(a) h1", None, None,                     "a & b"),
        ("li > span",         None, Some(r"_(\d)"),           "1"),
    ];
    for (css, attr, regex, expected) in rows {
        assert_eq!(extract(INDEX, css, attr, regex), Ok(Value::text(expected)), "{css}");
    }
}

#[test]
#[rustfmt::skip]
fn what_is_not_there_is_told_with_what_is() {
    let login = "<title>Log In - Flaskr</title><form method=post><input name=username></form>";
    let long = format!("<p>{}", "word ".repeat(500));
    let update = Some(r"^/(\d+)/update$");
    let rows = [
        (login, POST_ID,    Some("href"),  update, "`article.post a.action[href$=\"/update\"]` matched 0 elements; the page's title is `Log In - Flaskr`"),
        (INDEX, "a.action", Some("href"),  update, "`^/(\\d+)/update$` does not match `/create`, which `a.action` gave"),
        (INDEX, "a.action", Some("title"), None,   "the first `a` that `a.action` matched has no attribute `title`"),
        (INDEX, "h1",       None,          Some("(x)|Flaskr"), "`(x)|Flaskr` does not match `Flaskr`, which `h1` gave"),
        ("",    "h1",       None,          None,   "`h1` matched 0 elements; the page is empty"),
        ("Bad\n Gateway", "h1", None,      None,   "`h1` matched 0 elements; the page begins with `Bad Gateway`"),
    ];
    for (body, css, attr, regex, expected) in rows {
        assert_eq!(extract(body, css, attr, regex), Err(expected.to_owned()), "{css}");
    }
    let message = extract(&long, "h1", None, None).unwrap_err();
    assert_eq!(message.chars().count(), 48 + 120, "{message}");
}

#[test]
#[rustfmt::skip]
fn elements_are_counted_over_the_whole_page() {
    let response = response(INDEX);
    let page = Page::new(&response);
    for (css, expected) in [("article.post", 3), ("a.action", 3), ("div.flash", 0), ("h1, nav", 6)] {
        assert_eq!(Selector::new(css).expect(css).count(&page), expected, "{css}");
    }
}

#[test]
#[rustfmt::skip]
fn a_wrong_selector_is_explained() {
    let rows = [
        ("",                "a selector cannot be empty",                                   None),
        (" ",               "a selector cannot be empty",                                   None),
        ("a[href",          "`[` is not closed",                                            Some(1..2)),
        ("a[href$='/x]",    "`'` is not closed",                                            Some(8..9)),
        ("a:not(b",         "`(` is not closed",                                            Some(5..6)),
        ("a[href=]",        "it ends where something is still missing",                     None),
        ("a..b",            "a `.` needs the name of a class after it",                     None),
        ("div >",           "nothing follows its last `>`, `+` or `~`",                     None),
        ("> div",           "an element's name, a class, an id or an attribute is missing", None),
        ("a:hover b",       "it asks for something that a page alone does not tell",        Some(1..7)),
        ("a::before",       "it asks for something that a page alone does not tell",        Some(1..9)),
        ("a:not(b):hover",  "it asks for something that a page alone does not tell",        None),
        ("a{",              "something in it cannot stand where it stands",                 None),
        ("ns|a",            "it names a namespace, and pages have none",                    None),
    ];
    for (css, message, range) in rows {
        let expected = PatternError { message: message.to_owned(), range };
        assert_eq!(Selector::new(css).expect_err(css), expected, "{css}");
    }
    for fine in ["a[title='(']", r"a\[b", "a[href='\\'']", "#main > p:nth-child(2)", "a:not([x])"] {
        assert!(Selector::new(fine).is_ok(), "{fine}");
    }
}

#[test]
fn a_wrong_regex_is_explained() {
    let selector = || Selector::new("a").unwrap();
    let reason = |regex| {
        Extractor::css(selector(), None, Some(regex))
            .map(|_| ())
            .unwrap_err()
            .message
    };
    assert_eq!(reason("(a"), "unclosed group");
    assert_eq!(reason("a{2"), "unclosed counted repetition");
    assert_eq!(reason(r"\w{9999}{9999}"), "the regex is too big");
}

#[test]
fn an_excerpt_is_one_line_of_bounded_length() {
    assert_eq!(excerpt("  a\n\tb  "), "a b");
    assert_eq!(excerpt(&"ł".repeat(120)), "ł".repeat(120));
    assert_eq!(excerpt(&"ł".repeat(500)), "ł".repeat(119) + "…");
    assert_eq!(excerpt(&"ab ".repeat(500)).chars().count(), 120);
}

#[test]
fn extractors_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Selector>();
    shared::<Extractor>();
}
