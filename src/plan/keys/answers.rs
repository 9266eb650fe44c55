//! The keys of what is taken from answers and demanded of them.

use super::{Group, Key, Names, Need, Section, Shape};
use crate::base::pick::Pick;

/// Where a value can be taken from without a mapping: `final: url`.
pub const WHOLE_SOURCES: [&str; 3] = ["url", "status", "body"];

/// What a response has to be. Its keys stand in the order in which they are
/// held against the response.
pub static EXPECT: Section = Section {
    name: "expect",
    title: "`expect`",
    summary: "What a response has to be; the first thing broken fails the request.",
    keys: &[
        Key::optional(
            "status",
            Shape::Status,
            "the status: a code, a class such as 2xx, `ok` for below 400, or a list of these",
        ),
        Key::optional(
            "final_path",
            Shape::Template,
            "the path of the URL after all redirects",
        ),
        Key::optional(
            "header",
            Shape::Wanted(Names::Header, &Shape::Field),
            "a header that has to be there, a list of them, or headers and their values",
        ),
        Key::optional("contains", Shape::Template, "a text that the body holds"),
        Key::optional(
            "matches",
            Shape::Regex,
            "a regex that matches somewhere in the body",
        ),
        Key::optional(
            "css",
            Shape::Wanted(Names::Field, &Shape::Shown),
            "a CSS selector that has to match, a list of them, or selectors and a number of elements or the text of the first",
        ),
        Key::optional(
            "absent",
            Shape::Absent,
            "a CSS selector that matches nothing on the page, or `none` for no such rule",
        ),
        Key::optional(
            "jsonpath",
            Shape::Wanted(Names::Field, &Shape::Literal),
            "a JSONPath that has to match, a list of them, or paths and their values",
        ),
        Key::optional(
            "size",
            Shape::Size,
            "the size of the body: bytes, or a range such as 1kB..2MB",
        ),
        Key::optional(
            "within",
            Shape::Duration,
            "the longest that the answer may take to count as good",
        ),
    ],
    groups: &[],
    hints: &[
        ("headers", "it is called `header`"),
        (
            "text",
            "a text in the body is `contains`, a pattern is `matches`",
        ),
        (
            "body",
            "a text in the body is `contains`, a pattern is `matches`",
        ),
        ("regex", "it is called `matches`"),
        ("json", "it is called `jsonpath`"),
        (
            "url",
            "the path of the URL after all redirects is `final_path`",
        ),
        ("time", "it is called `within`"),
    ],
};

/// A value taken out of a response.
pub static EXTRACT: Section = Section {
    name: "extract",
    title: "an extraction",
    summary: "A value taken out of the response; the request fails if it is not there.",
    keys: &[
        Key::optional(
            "css",
            Shape::Selector,
            "a CSS selector; the value is the text of an element that matches",
        ),
        Key::optional(
            "attr",
            Shape::Text,
            "an attribute of the element, in place of its text",
        ),
        Key::optional(
            "regex",
            Shape::Regex,
            "a pattern; its first group, or all that it matches, is the value: in the body, or in what another source gives",
        ),
        Key::optional(
            "jsonpath",
            Shape::JsonPath,
            "a JSONPath; the value keeps its type",
        ),
        Key::optional("header", Shape::HeaderName, "the name of a header"),
        Key::optional(
            "cookie",
            Shape::Text,
            "the name of a cookie that goes with the next request there",
        ),
        Key::optional(
            "url",
            Shape::True,
            "true: the URL that answered, after all redirects",
        ),
        Key::optional("status", Shape::True, "true: the status, a number"),
        Key::optional("body", Shape::True, "true: the body as text"),
        Key::optional(
            "pick",
            Shape::Pick(&Pick::WORDS),
            "which of several matches: `first`, `last`, `random`, `all` as a list, or a number from 1; `first` if not given",
        ),
        Key::optional(
            "optional",
            Shape::Truth,
            "true: the variable is not set where there is no match, and the request does not fail",
        ),
        Key::optional(
            "default",
            Shape::Literal,
            "the value where there is no match; no template",
        ),
    ],
    groups: &[
        Group {
            keys: &[
                "css", "regex", "jsonpath", "header", "cookie", "url", "status", "body",
            ],
            need: Need::AtLeastOne,
        },
        Group {
            keys: &[
                "css", "jsonpath", "header", "cookie", "url", "status", "body",
            ],
            need: Need::Optional,
        },
        Group {
            keys: &["optional", "default"],
            need: Need::Optional,
        },
    ],
    hints: &[
        ("selector", "it is called `css`"),
        ("attribute", "it is called `attr`"),
        ("json", "it is called `jsonpath`"),
        ("index", "it is called `pick`, and counts from 1"),
        ("group", "the first group of `regex` is the value"),
        ("xpath", "pages are read by `css`, JSON by `jsonpath`"),
    ],
};
