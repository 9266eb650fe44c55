//! What of an answer must be equal between two servers.

use regex::Regex;
use scraper::{ElementRef, Html};

use super::browser::Answer;

/// Elements in which every space is the user's own, and shown.
const EXACT_TEXT: [&str; 5] = ["h1", "p", "span", "textarea", "title"];

/// Status, the headers that say something, and the page, a line each.
///
/// Left out: what the server is called, the date, the length in bytes (but not
/// that it is told), the value of a cookie and the white space between tags.
pub fn outline(answer: &Answer) -> Vec<String> {
    let mut lines = vec![format!("status {}", answer.status)];
    for name in ["content-type", "location", "vary", "cache-control"] {
        lines.extend(answer.header(name).map(|value| format!("{name}: {value}")));
    }
    for name in ["content-length", "etag", "content-disposition"] {
        lines.extend(answer.header(name).map(|_| format!("{name} is there")));
    }
    lines.extend(answer.header("allow").map(|methods| {
        let mut methods: Vec<_> = methods.split(", ").collect();
        methods.sort_unstable();
        format!("allow: {}", methods.join(", "))
    }));
    let cookie = Regex::new("^session=[^;]+").unwrap();
    lines.extend(answer.header("set-cookie").map(|value| {
        let value = cookie.replace(value, "session=VALUE");
        format!("set-cookie: {value}")
    }));
    if answer.header("content-type") == Some("text/html; charset=utf-8") {
        let page = Html::parse_document(&answer.body);
        describe(page.root_element(), 0, &mut lines);
        // The parser undoes the escapes, and plans may look for them.
        let escape = Regex::new("&[^;]*;").unwrap();
        let escapes: Vec<_> = escape.find_iter(&answer.body).map(|m| m.as_str()).collect();
        lines.push(format!("escapes {escapes:?}"));
    }
    lines
}

fn describe(element: ElementRef<'_>, depth: usize, lines: &mut Vec<String>) {
    let name = element.value().name();
    let mut attributes: Vec<_> = element.value().attrs().collect();
    attributes.sort_unstable();
    let indent = "  ".repeat(depth);
    lines.push(format!("{indent}{name} {attributes:?}"));
    let date = Regex::new(r"on \d{4}-\d{2}-\d{2}$").unwrap();
    for child in element.children() {
        if let Some(child) = ElementRef::wrap(child) {
            describe(child, depth + 1, lines);
        } else if let Some(text) = child.value().as_text() {
            let text = date.replace(text, "on DATE");
            if EXACT_TEXT.contains(&name) {
                lines.push(format!("{indent}  {text:?}"));
            } else if !text.trim().is_empty() {
                lines.push(format!("{indent}  {:?}", text.trim()));
            }
        }
    }
}
