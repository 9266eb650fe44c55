//! What is taken from answers and demanded of them, as a plan spells it.

use serde_json::Value;

use super::{Mapping, literal, named};
use crate::{
    base::pick::Pick,
    plan::ast::{Absent, Expect, Extract, ExtractFrom, IfMissing, Shown, Wanted},
    source::Spanned,
};

pub(super) fn expect(expect: &Expect) -> Mapping {
    let mut out = Mapping::new();
    if let Some(status) = &expect.status {
        let mut codes = status.spellings().map(|code| match code.parse::<u16>() {
            Ok(number) => number.into(),
            Err(_) => Value::String(code),
        });
        let first = codes.next();
        let mut rest: Vec<_> = codes.collect();
        match first {
            Some(one) if rest.is_empty() => out.put("status", one),
            Some(one) => {
                rest.insert(0, one);
                out.put("status", rest);
            }
            None => out.put("status", rest),
        }
    }
    out.text("final_path", expect.final_path.as_ref());
    if let Some(header) = &expect.header {
        out.put("header", wanted(header, |value| value.as_str().into()));
    }
    out.text("contains", expect.contains.as_ref());
    out.text("matches", expect.matches.as_ref());
    if let Some(css) = &expect.css {
        let shown = |shown: &Spanned<Shown>| match &**shown {
            Shown::Count(count) => (*count).into(),
            Shown::Text(text) => text.as_str().into(),
        };
        out.put("css", wanted(css, shown));
    }
    if let Some(absent) = &expect.absent {
        out.put(
            "absent",
            match &**absent {
                Absent::Nothing => "none",
                Absent::Css(selector) => selector,
            },
        );
    }
    if let Some(jsonpath) = &expect.jsonpath {
        out.put("jsonpath", wanted(jsonpath, |value| literal(value)));
    }
    if let Some(size) = &expect.size {
        out.put("size", size.to_string());
    }
    out.time("within", expect.within.as_ref());
    out
}

fn wanted<T>(wanted: &Wanted<T>, value: impl Fn(&T) -> Value) -> Value {
    let mut there = wanted.there.iter().map(|name| Value::from(name.as_str()));
    let equal = named(&wanted.equal, |(name, wanted)| (name, value(wanted)));
    let equal = (!equal.0.is_empty()).then_some(Value::Object(equal.0));
    match (there.len(), equal) {
        (0, Some(equal)) => equal,
        (1, None) => there.next().expect("there is one"),
        (_, equal) => there.chain(equal).collect(),
    }
}

/// In the short form where that says all of it.
pub(super) fn extract(extract: &Extract) -> Value {
    let mut out = Mapping::new();
    let mut whole = None;
    match &extract.from {
        ExtractFrom::Css { selector, attr } => {
            out.put("css", selector.as_str());
            out.text("attr", attr.as_ref());
        }
        ExtractFrom::Regex(regex) => out.put("regex", regex.as_str()),
        ExtractFrom::JsonPath(path) => out.put("jsonpath", path.as_str()),
        ExtractFrom::Header(name) => out.put("header", name.as_str()),
        ExtractFrom::Cookie(name) => out.put("cookie", name.as_str()),
        ExtractFrom::Url => whole = Some("url"),
        ExtractFrom::Status => whole = Some("status"),
        ExtractFrom::Body => whole = Some("body"),
    }
    if let Some(whole) = whole {
        out.put(whole, true);
    }
    out.text("regex", extract.regex.as_ref());
    match extract.pick.as_deref() {
        None => {}
        Some(Pick::Number(number)) => out.put("pick", *number),
        Some(word @ (Pick::First | Pick::Last | Pick::Random | Pick::All)) => {
            out.put("pick", word.to_string());
        }
    }
    match &extract.if_missing {
        IfMissing::Fail => {}
        IfMissing::Unset => out.put("optional", true),
        IfMissing::Default(value) => out.put("default", literal(value)),
    }
    match whole {
        Some(whole) if out.0.len() == 1 => whole.into(),
        Some(_) | None => Value::Object(out.0),
    }
}
