//! Compiling what is taken from answers and demanded of them.

use super::{
    Check, codes,
    reader::{LeafReader, Uses},
    requests::collect,
};
use crate::{
    base::{ids::VarId, status::StatusSet, value::Value},
    exchange, expect,
    extract::{Extractor, IfMissing, Source},
    plan::ast::{self, Absent, Expect, ExtractFrom, Literal, Shown, Text},
    source::{Diagnostic, Spanned},
    template::Escape,
};

/// Expectations merged key by key, in the order in which they are checked: that
/// of the keys in the reference. `levels` go from the request outwards.
pub(super) fn checks(
    levels: [&Expect; 3],
    reader: &mut LeafReader<'_>,
    uses: &mut Uses,
) -> Option<Box<[Check]>> {
    let mut checks = Checks {
        reader,
        uses,
        compiled: Some(Vec::new()),
    };
    let status = nearest(levels, |level| level.status.as_ref());
    let status = status.map_or_else(StatusSet::ok, |status| status.value.clone());
    checks.add(Some(expect::Check::Status(status)));
    if let Some(path) = nearest(levels, |level| level.final_path.as_ref()) {
        checks.add_with(Some(expect::Check::FinalPath), path);
    }
    if let Some(header) = nearest(levels, |level| level.header.as_ref()) {
        for name in &header.there {
            let name = checks.reader.header(name);
            checks.add(name.map(expect::Check::HasHeader));
        }
        for (name, value) in &header.equal {
            let name = checks.reader.header(name);
            checks.add_with(name.map(expect::Check::Header), value);
        }
    }
    if let Some(text) = nearest(levels, |level| level.contains.as_ref()) {
        checks.add_with(Some(expect::Check::Contains), text);
    }
    if let Some(regex) = nearest(levels, |level| level.matches.as_ref()) {
        let pattern = checks.reader.regex(regex);
        checks.add(pattern.map(expect::Check::Matches));
    }
    checks.of_page(levels);
    if let Some(size) = nearest(levels, |level| level.size.as_ref()) {
        checks.add(Some(expect::Check::Size(size.value)));
    }
    if let Some(longest) = nearest(levels, |level| level.within.as_ref()) {
        checks.add(Some(expect::Check::Within(longest.value)));
    }
    checks.compiled.map(Vec::into_boxed_slice)
}

/// What the nearest level says that says anything.
fn nearest<'a, T>(
    levels: [&'a Expect; 3],
    key: impl Fn(&'a Expect) -> Option<&'a T>,
) -> Option<&'a T> {
    levels.into_iter().find_map(key)
}

/// Checks in the making.
struct Checks<'c, 'r> {
    reader: &'c mut LeafReader<'r>,
    uses: &'c mut Uses,
    compiled: Option<Vec<Check>>,
}

impl Checks<'_, '_> {
    fn add(&mut self, check: Option<expect::Check>) {
        let check = check.map(|check| Check {
            check,
            operand: None,
        });
        collect(&mut self.compiled, check);
    }

    /// The same, with a template to compare with.
    fn add_with(&mut self, check: Option<expect::Check>, operand: &Text) {
        let operand = self
            .reader
            .template(operand, Escape::None, &mut self.uses.reads);
        let check = check.zip(operand).map(|(check, operand)| Check {
            check,
            operand: Some(operand),
        });
        collect(&mut self.compiled, check);
    }

    fn of_page(&mut self, levels: [&Expect; 3]) {
        if let Some(css) = nearest(levels, |level| level.css.as_ref()) {
            for css in &css.there {
                let selector = self.reader.selector(css, css.span);
                self.add(selector.map(expect::Check::Present));
            }
            for (css, shown) in &css.equal {
                let selector = self.reader.selector(css, css.span);
                self.add(selector.map(|selector| match &shown.value {
                    Shown::Count(count) => expect::Check::Count(selector, *count),
                    Shown::Text(text) => expect::Check::Shows(selector, text.as_str().into()),
                }));
            }
        }
        if let Some(absent) = nearest(levels, |level| level.absent.as_ref()) {
            match &absent.value {
                Absent::Nothing => {}
                Absent::Css(css) => {
                    let selector = self.reader.selector(css, absent.span);
                    self.add(selector.map(expect::Check::Absent));
                }
            }
        }
        if let Some(jsonpath) = nearest(levels, |level| level.jsonpath.as_ref()) {
            for path in &jsonpath.there {
                let path = self.reader.jsonpath(path);
                self.add(path.map(expect::Check::HasJson));
            }
            for (path, value) in &jsonpath.equal {
                let path = self.reader.jsonpath(path);
                self.add(path.map(|path| expect::Check::Json(path, constant(value))));
            }
        }
    }
}

/// Extractions, and which variables they set or may unset.
pub(super) fn extracts(
    extracts: &[ast::Extract],
    reader: &mut LeafReader<'_>,
    uses: &mut Uses,
) -> Option<Box<[(VarId, Extractor)]>> {
    let mut compiled = Some(Vec::with_capacity(extracts.len()));
    for extract in extracts {
        let var = reader.names.var(&extract.name.value);
        match &extract.if_missing {
            ast::IfMissing::Fail | ast::IfMissing::Default(_) => uses.writes.push(var),
            ast::IfMissing::Unset => uses.clears.push(var),
        }
        let extractor = extractor(extract, reader);
        collect(&mut compiled, extractor.map(|extractor| (var, extractor)));
    }
    compiled.map(Vec::into_boxed_slice)
}

fn extractor(extract: &ast::Extract, reader: &mut LeafReader<'_>) -> Option<Extractor> {
    let source = match &extract.from {
        ExtractFrom::Css { selector, attr } => {
            let attr = attr.as_ref().map(|attr| attr.value.as_str().into());
            let selector = reader.selector(selector, selector.span);
            selector.map(|selector| Source::Css { selector, attr })
        }
        ExtractFrom::Regex(regex) => reader.regex(regex).map(Source::Regex),
        ExtractFrom::JsonPath(path) => reader.jsonpath(path).map(Source::JsonPath),
        ExtractFrom::Header(name) => reader.header(name).map(Source::Header),
        ExtractFrom::Cookie(name) => Some(Source::Cookie(name.value.as_str().into())),
        ExtractFrom::Url => Some(Source::Url),
        ExtractFrom::Status => Some(Source::Status),
        ExtractFrom::Body => Some(Source::Body),
    };
    let regex = match &extract.regex {
        Some(regex) => Some(reader.regex(regex)?),
        None => None,
    };
    Some(Extractor {
        source: source?,
        regex,
        pick: extract
            .pick
            .as_ref()
            .map_or_else(Default::default, |pick| pick.value),
        if_missing: match &extract.if_missing {
            ast::IfMissing::Fail => IfMissing::Fail,
            ast::IfMissing::Unset => IfMissing::Unset,
            ast::IfMissing::Default(value) => IfMissing::Default(constant(value)),
        },
    })
}

/// A value as written: nothing in it is a template.
fn constant(literal: &Spanned<Literal>) -> Value {
    match &literal.value {
        Literal::Plain(value) => value.clone(),
        Literal::Text(text) => Value::text(text.as_str()),
        Literal::List(items) => Value::List(items.iter().map(constant).collect()),
        Literal::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(name, value)| (name.value.as_str().into(), constant(value)));
            Value::Map(entries.collect())
        }
    }
}

impl LeafReader<'_> {
    /// The name of a header of a response, in lower case.
    fn header(&mut self, name: &Text) -> Option<std::sync::Arc<str>> {
        match exchange::header_name(&name.value) {
            Ok(name) => Some(name),
            // Those that a plan cannot send come in answers all the same.
            Err(exchange::NotAHeaderName::Framing) => Some(name.value.to_ascii_lowercase().into()),
            // What cannot be a name at all, the reader has said already.
            Err(why) => {
                let told = format!("`{}` is no name of a header: {why}", name.value);
                if !self.found.speak_of(name.span) {
                    let told = Diagnostic::error(codes::HEADER, told);
                    self.found.push(told.at(name.span, "here"));
                }
                None
            }
        }
    }
}
