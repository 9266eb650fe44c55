//! Pages as flaskr sends them, traps included.

use url::Url;

use super::{
    Extractor, IfMissing, JsonPath, Page, Pattern, PatternError, Selector, Source, excerpt,
};
use crate::{
    base::{
        pick::Pick,
        random::{Purpose, Stream},
        value::{MAX_VALUE_BYTES, Value},
    },
    exchange::{Content, Cookie, FailureKind, Response},
};

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

const HEADERS: [(&str, &str); 3] = [
    ("content-type", "text/html; charset=utf-8"),
    ("link", "</a>; rel=next"),
    ("link", "</b>; rel=last"),
];

fn response(body: &str) -> Response {
    Response {
        status: 200,
        url: Url::parse("http://flaskr.test/12/update?from=mail").unwrap(),
        headers: HEADERS.into_iter().collect(),
        body: body.as_bytes().to_vec(),
        content: Content::default(),
        beginning: Vec::new(),
        body_bytes: body.len() as u64,
        worth: crate::exchange::Worth::Content,
    }
}

fn extract(
    body: &str,
    css: &str,
    attr: Option<&str>,
    regex: Option<&str>,
) -> Result<Value, String> {
    let value = take(body, self::css(css, attr), regex, Pick::First)?;
    Ok(value.expect("what is missing fails"))
}

fn css(selector: &str, attr: Option<&str>) -> Source {
    Source::Css {
        selector: Selector::new(selector).expect(selector),
        attr: attr.map(Into::into),
    }
}

fn regex(pattern: &str) -> Source {
    Source::Regex(Pattern::new(pattern).expect(pattern))
}

fn json(path: &str) -> Source {
    Source::JsonPath(JsonPath::new(path).expect(path))
}

/// Takes a value for a user with two cookies.
fn take(
    body: &str,
    source: Source,
    regex: Option<&str>,
    pick: Pick,
) -> Result<Option<Value>, String> {
    let extractor = Extractor {
        source,
        regex: regex.map(|regex| Pattern::new(regex).expect(regex)),
        pick,
        if_missing: IfMissing::Fail,
    };
    take_by(&extractor, body)
}

fn take_by(extractor: &Extractor, body: &str) -> Result<Option<Value>, String> {
    let response = response(body);
    let cookies = [("session", "a.b"), ("theme", "")];
    let cookies = cookies.map(|(name, value)| Cookie {
        name: name.into(),
        value: value.into(),
    });
    let page = Page::new(&response).with_cookies(cookies.into());
    let taken = extractor.extract(&page, &mut Stream::of(1, 1, Purpose::Picks));
    taken.map_err(|failure| {
        assert_eq!(failure.kind, FailureKind::Extraction);
        failure.detail
    })
}

fn texts(texts: &[&str]) -> Value {
    Value::List(texts.iter().map(|text| Value::text(*text)).collect())
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
        (INDEX, "a.action", Some("title"), None,   "the `a` that `a.action` matched has no attribute `title`"),
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
#[rustfmt::skip]
fn a_wrong_regex_is_explained() {
    let rows = [
        ("(a",                "unclosed group",              Some(0..1)),
        ("ł(b",               "unclosed group",              Some(2..3)),
        ("a{2",               "unclosed counted repetition", Some(1..3)),
        ("x|*",               "repetition operator missing expression", Some(2..3)),
        ("a[z-a]",            "invalid character class range, the start must be <= the end", Some(2..5)),
        ("a\n(b",            "unclosed group",              None),
        (r"\w{9999}{9999}",   "the regex is too big",        None),
    ];
    for (regex, message, range) in rows {
        let expected = PatternError { message: message.to_owned(), range };
        assert_eq!(Pattern::new(regex).map(|_| ()).unwrap_err(), expected, "{regex}");
    }
}

#[test]
#[rustfmt::skip]
fn a_wrong_jsonpath_is_explained() {
    let rows = [
        ("",            "a JSONPath begins with `$`",                       None),
        ("id",          "a JSONPath begins with `$`",                       None),
        ("$.",          "the JSONPath ends where something is still missing", None),
        ("$[0",         "the JSONPath ends where something is still missing", None),
        ("$.a b",       "the JSONPath cannot be understood from here on",              Some(3..4)),
        ("$.a[?@.x=1]", "the JSONPath cannot be understood from here on",              Some(8..9)),
    ];
    for (path, message, range) in rows {
        let expected = PatternError { message: message.to_owned(), range };
        assert_eq!(JsonPath::new(path).map(|_| ()).unwrap_err(), expected, "{path}");
    }
    for fine in ["$", "$.a", "$['a b']", "$[-1]", "$..id", "$[?@.done == true]", "$.a[1:3]"] {
        assert!(JsonPath::new(fine).is_ok(), "{fine}");
    }
}

const ITEMS: &str = r#"{"items": [
    {"id": 7, "price": 0.5, "tags": ["a", "b"], "gone": null, "on": true},
    {"id": 9223372036854775808, "name": "two"}
], "total": -2}"#;

#[test]
#[rustfmt::skip]
fn json_keeps_its_types() {
    let rows = [
        ("$.items[0].id",    Value::Int(7)),
        ("$.items[0].price", Value::Float(0.5)),
        ("$.items[0].on",    Value::Bool(true)),
        ("$.items[0].gone",  Value::Null),
        ("$.items[0].tags",  texts(&["a", "b"])),
        ("$.items[1].id",    Value::text("9223372036854775808")),
        ("$.items[1]",       Value::Map([
            ("id".into(), Value::text("9223372036854775808")),
            ("name".into(), Value::text("two")),
        ].into())),
        ("$.total",          Value::Int(-2)),
        ("$..name",          Value::text("two")),
    ];
    for (path, expected) in rows {
        assert_eq!(take(ITEMS, json(path), None, Pick::First), Ok(Some(expected)), "{path}");
    }
}

#[test]
#[rustfmt::skip]
fn every_source_gives_its_value_and_a_regex_refines_it() {
    let header = |name: &str| Source::Header(name.into());
    let cookie = |name: &str| Source::Cookie(name.into());
    let text = Value::text;
    let rows = [
        (regex(r"/(\d+)/update"),  None,                text("9")),
        (regex("Flask."),          None,                text("Flaskr")),
        (json("$.items[0].id"),    Some("^."),          text("7")),
        (header("content-type"),   None,                text("text/html; charset=utf-8")),
        (header("content-type"),   Some("charset=(.*)"), text("utf-8")),
        (header("link"),           None,                text("</a>; rel=next")),
        (cookie("session"),        None,                text("a.b")),
        (cookie("session"),        Some(r"^[^.]+"),     text("a")),
        (cookie("theme"),          None,                text("")),
        (Source::Url,              None,                text("http://flaskr.test/12/update?from=mail")),
        (Source::Url,              Some(r"/(\d+)/"),    text("12")),
        (Source::Status,           None,                Value::Int(200)),
        (Source::Status,           Some("^2"),          text("2")),
        (Source::Body,             Some("by (\\w+)"),   text("other")),
    ];
    for (source, refined, expected) in rows {
        let body = if matches!(source, Source::JsonPath(_)) { ITEMS } else { INDEX };
        let name = format!("{source:?} {refined:?}");
        assert_eq!(take(body, source, refined, Pick::First), Ok(Some(expected)), "{name}");
    }
    assert_eq!(take("a\u{142}", Source::Body, None, Pick::First), Ok(Some(text("a\u{142}"))));
}

#[test]
#[rustfmt::skip]
fn a_pick_takes_one_of_several_or_all() {
    let titles = || css("article.post h1", None);
    let words = || regex(r"b(\w)");
    let links = || Source::Header("link".into());
    let one = Value::text;
    let rows = [
        (titles(), None,      Pick::First,     one("see /9/update")),
        (titles(), None,      Pick::Last,      one("older")),
        (titles(), None,      Pick::Number(2), one("a & b")),
        (titles(), None,      Pick::All,       texts(&["see /9/update", "a & b", "older"])),
        (titles(), Some("^."), Pick::All,      texts(&["s", "a", "o"])),
        (links(),  None,      Pick::Last,      one("</b>; rel=last")),
        (links(),  Some("rel=(.*)"), Pick::All, texts(&["next", "last"])),
        (json("$.items[*].id"), None, Pick::All, Value::List([Value::Int(7), one("9223372036854775808")].into())),
        (json("$.items[0].tags[*]"), None, Pick::Number(2), one("b")),
        (words(),  None,      Pick::Number(1), one("o")),
    ];
    for (source, refined, pick, expected) in rows {
        let body = match source { Source::JsonPath(_) => ITEMS, Source::Regex(_) => "abo ab bc", _ => INDEX };
        let name = format!("{source:?} {pick}");
        assert_eq!(take(body, source, refined, pick), Ok(Some(expected)), "{name}");
    }
}

#[test]
fn a_random_pick_comes_from_the_users_own_stream() {
    let extractor = Extractor {
        source: regex(r"\d"),
        regex: None,
        pick: Pick::Random,
        if_missing: IfMissing::Fail,
    };
    let response = response("0123456789");
    let picks = |user| {
        let mut stream = Stream::of(7, user, Purpose::Picks);
        let page = Page::new(&response);
        [(); 12].map(|()| extractor.extract(&page, &mut stream).unwrap().unwrap())
    };
    assert_eq!(picks(1), picks(1));
    assert_ne!(picks(1), picks(2));
    let some = picks(1);
    assert!(some.iter().any(|one| *one != some[0]), "{some:?}");
}

#[test]
#[rustfmt::skip]
fn every_source_tells_what_it_lacks() {
    let login = "<title>Log In</title>";
    let rows = [
        (login, regex("token=(.)"), None, Pick::First, "`token=(.)` matched 0 times in the body; the page's title is `Log In`"),
        (INDEX, css("article", None), None, Pick::Number(5), "`article` matched 3 elements, too few for `pick: 5`; the page's title is `Posts - Flaskr`"),
        (INDEX, css("nav", None), None, Pick::Number(2), "`nav` matched 1 element, too few for `pick: 2`; the page's title is `Posts - Flaskr`"),
        (INDEX, css("main", None), None, Pick::All, "`main` matched 0 elements; the page's title is `Posts - Flaskr`"),
        (INDEX, css("article.post h1", None), Some("^s"), Pick::All, "`^s` does not match `a & b`, which `article.post h1` gave"),
        (ITEMS, json("$.id"), None, Pick::First, "`$.id` matched 0 values; the JSON is a mapping with `items`, `total`"),
        (ITEMS, json("$.items[*].name"), None, Pick::Number(2), "`$.items[*].name` matched 1 value, too few for `pick: 2`; the JSON is a mapping with `items`, `total`"),
        ("[1]", json("$[1]"), None, Pick::Random, "`$[1]` matched 0 values; the JSON is a list of 1 item"),
        (login, json("$.id"), None, Pick::First, "the body is not JSON (expected value at line 1 column 1); the page's title is `Log In`"),
        ("",    json("$.id"), None, Pick::First, "the body is not JSON (EOF while parsing a value at line 1 column 0); the page is empty"),
        (ITEMS, json("$.items"), Some("x"), Pick::First, "`regex` needs a text, and `$.items` gave a list"),
        (login, Source::Header("location".into()), None, Pick::First, "the answer has no header `location`; it has `content-type`, `link`"),
        (login, Source::Header("link".into()), None, Pick::Number(3), "`header link` matched 2 times, too few for `pick: 3`"),
        (login, Source::Cookie("csrf".into()), None, Pick::First, "the user has no cookie `csrf` for `http://flaskr.test/12/update?from=mail`; it has `session`, `theme` there"),
        (login, Source::Cookie("session".into()), Some("^x"), Pick::First, "`^x` does not match `a.b`, which the cookie `session` gave"),
        (login, Source::Url, Some("^/"), Pick::First, "`^/` does not match `http://flaskr.test/12/update?from=mail`, which the URL gave"),
        (login, Source::Status, Some("5"), Pick::First, "`5` does not match `200`, which the status gave"),
        (login, Source::Body, Some("z"), Pick::First, "`z` does not match `<title>Log In</title>`, which the body gave"),
    ];
    for (body, source, refined, pick, expected) in rows {
        assert_eq!(take(body, source, refined, pick), Err(expected.to_owned()));
    }
}

#[test]
fn what_may_be_missing_is_unset_or_a_default() {
    let mut extractor = Extractor {
        source: css("main", None),
        regex: None,
        pick: Pick::First,
        if_missing: IfMissing::Unset,
    };
    assert_eq!(take_by(&extractor, INDEX), Ok(None));
    extractor.if_missing = IfMissing::Default(Value::Int(0));
    assert_eq!(take_by(&extractor, INDEX), Ok(Some(Value::Int(0))));
    extractor.source = json("$.id");
    assert_eq!(take_by(&extractor, "no JSON"), Ok(Some(Value::Int(0))));
    extractor.source = css("h1", Some("id"));
    assert_eq!(take_by(&extractor, INDEX), Ok(Some(Value::Int(0))));
    extractor.source = css("h1", None);
    assert_eq!(take_by(&extractor, INDEX), Ok(Some(Value::text("Flaskr"))));

    // What is there and of no use is no missing value.
    extractor.source = json("$.items");
    extractor.regex = Some(Pattern::new("x").unwrap());
    let why = "`regex` needs a text, and `$.items` gave a list";
    assert_eq!(take_by(&extractor, ITEMS), Err(why.to_owned()));
}

#[test]
fn a_value_has_a_bound() {
    let least_too_much = MAX_VALUE_BYTES + 1 - size_of::<Value>();
    let body = |length| take(&"x".repeat(length), Source::Body, None, Pick::First);
    assert!(body(least_too_much - 1).is_ok());
    let why = "the body gave more than 1 MiB, which is the most that a variable holds";
    assert_eq!(body(least_too_much), Err(why.to_owned()));

    let many = take(&"x".repeat(50_000), regex("x"), None, Pick::All);
    let why = "`x` gave more than 1 MiB, which is the most that a variable holds";
    assert_eq!(many, Err(why.to_owned()));
}

#[test]
fn a_body_is_parsed_only_where_something_asks_for_it() {
    let response = response(ITEMS);
    let page = Page::new(&response);
    let mut picks = Stream::of(1, 1, Purpose::Picks);
    let mut extract = |source| {
        let extractor = Extractor {
            source,
            regex: None,
            pick: Pick::First,
            if_missing: IfMissing::Fail,
        };
        extractor.extract(&page, &mut picks).unwrap();
        (page.is_parsed_as_page(), page.is_parsed_as_json())
    };
    assert_eq!(extract(Source::Header("link".into())), (false, false));
    assert_eq!(extract(regex("items")), (false, false));
    assert_eq!(extract(json("$.total")), (false, true));
    assert_eq!(extract(css("body", None)), (true, true));
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

/// A page with so many posts, of which the first can be edited.
fn posts(count: usize) -> String {
    let mut page = INDEX[..INDEX.find("<article").unwrap()].to_owned();
    for id in (1..=count).rev() {
        page += &format!(
            "<article class=\"post\"><header><div><h1>żółw {id}</h1></div>\n\
             <a class=\"action\" href=\"/{id}/update\">Edit</a></header></article>\n"
        );
    }
    page
}

#[test]
fn a_page_is_parsed_no_further_than_to_the_first_match() {
    let (short, long) = (posts(10), posts(1_000));
    let far = |css: &str, body: &str, attr: bool| {
        let response = self::response(body);
        let page = Page::new(&response);
        let selector = Selector::new(css).unwrap();
        if attr {
            assert!(selector.is_on(&page), "{css}");
        } else {
            assert!(selector.first_text(&page).is_some(), "{css}");
        }
        page.parsed_bytes()
    };
    for (css, attr) in [(POST_ID, true), ("article h1", false)] {
        for page in [&short, &long] {
            let parsed = far(css, page, attr);
            assert!(parsed.is_some_and(|parsed| parsed < 1_000), "{css}");
        }
    }
    // What cannot be there needs no parser.
    let response = response(&long);
    let page = Page::new(&response);
    assert!(!Selector::new("div.flash").unwrap().is_on(&page));
    assert!(!page.is_parsed_as_page());
    // What follows an element decides over it: all of it has to be seen.
    assert_eq!(far("article:last-of-type", &long, true), None);
    assert_eq!(far("section > article:has(h1)", &long, true), None);
    // What is not closed before the end has all of its text only there.
    assert_eq!(far("section", &long, false), None);
}

/// However far a page is parsed when an element is found, it is the one that is found in
/// the whole page, with the same text.
#[test]
fn the_first_match_of_a_part_is_that_of_the_whole() {
    let filler = "<p>ś</p>".repeat(40);
    let pages = [
        posts(30),
        posts(300),
        format!("{filler}<table><tr><td>in</td></tr>out</table><b>1<p>2</b>3</p>"),
        format!("<!doctype html><ul>{filler}<li>one<li>two<ul><li>three</ul></ul>"),
        format!("<div id=a>{filler}<div id=b>x</div>tail</div><div id=c>y"),
        "<p>a<p>b<script>'<p>'</script><!-- <h1> --><template><h1>t</h1></template>".to_owned(),
        filler,
        String::new(),
    ];
    let selectors = [
        "p",
        "td",
        "table",
        "tbody > tr",
        "b",
        "li + li",
        "li ~ li",
        "div div",
        "#a",
        "#c",
        "h1",
        "p:nth-child(3)",
        "p:not(:first-child)",
        "ul ul li",
        "a[href$='/30/update']",
        "html > body",
    ];
    for page in &pages {
        let whole = scraper::Html::parse_document(page);
        let response = response(page);
        for css in selectors {
            let selector = Selector::new(css).unwrap();
            let mut all = whole.select(selector.compiled());
            let expected = all.next().map(super::selector::text_of);
            // Alone, and after others have had it parsed.
            let (alone, after) = (Page::new(&response), Page::new(&response));
            let _ = Selector::new("p").unwrap().is_on(&after);
            for page in [alone, after] {
                assert_eq!(selector.is_on(&page), expected.is_some(), "{css}");
                assert_eq!(selector.first_text(&page), expected, "{css}");
                assert_eq!(
                    selector.count(&page),
                    whole.select(selector.compiled()).count()
                );
                assert_eq!(selector.first_text(&page), expected, "{css} in the whole");
            }
        }
    }
}
