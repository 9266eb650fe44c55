//! Loading the data that a plan names.

use std::sync::Arc;

use super::codes;
use crate::{
    base::value::Value,
    feed::{Feed, FeedError, Table, Written},
    plan::ast::{DataRows, DataSource, Literal, Text},
    source::{Diagnostic, Diagnostics, Loader, Sources, Spanned},
};

/// Loads one source of data; what is wrong with it goes to the diagnostics.
pub(super) fn load(
    source: &DataSource,
    sources: &Sources,
    loader: &mut dyn Loader,
    found: &mut Diagnostics,
) -> Option<Feed> {
    let table = match &source.rows {
        DataRows::Csv { file, delimiter } => {
            let delimiter = *delimiter;
            read(file, Written::Csv { delimiter }, sources, loader, found)?
        }
        DataRows::Json(file) => read(file, Written::Json, sources, loader, found)?,
        DataRows::JsonLines(file) => read(file, Written::JsonLines, sources, loader, found)?,
        DataRows::Inline(rows) => Table::of(
            rows.iter()
                .map(|row| row.iter().map(entry).collect())
                .collect(),
        )?,
        DataRows::Unread => return None,
    };
    Some(Feed::new(&source.name.value, table, source.dealing))
}

fn read(
    file: &Text,
    written: Written,
    sources: &Sources,
    loader: &mut dyn Loader,
    found: &mut Diagnostics,
) -> Option<Table> {
    let from = &sources.get(file.span.file).path;
    let opened = loader.rows(from, &file.value).map_err(|error| {
        let cause =
            std::error::Error::source(&error).map_or(String::new(), |why| format!(": {why}"));
        Diagnostic::error(codes::DATA, format!("cannot read {error}{cause}"))
            .at(file.span, "named here")
            .help("paths are relative to the file that names them")
    });
    let opened = match opened {
        Ok(opened) => opened,
        Err(diagnostic) => {
            found.push(diagnostic);
            return None;
        }
    };
    match Table::read(opened, written) {
        Ok(table) => Some(table),
        Err(errors) => {
            for error in errors {
                found.push(mistake(file, error));
            }
            None
        }
    }
}

fn mistake(file: &Text, error: FeedError) -> Diagnostic {
    let name = &file.value;
    let place = match (error.line, error.column) {
        (Some(line), Some(column)) => format!("line {line}, column {column} of `{name}`"),
        (Some(line), None) => format!("line {line} of `{name}`"),
        (None, _) => format!("`{name}`"),
    };
    let diagnostic = Diagnostic::error(codes::DATA, format!("{place}: {}", error.message))
        .at(file.span, "named here");
    match error.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// A value as it is written: rows are no templates.
fn plain(literal: &Literal) -> Value {
    match literal {
        Literal::Plain(value) => value.clone(),
        Literal::Text(text) => Value::text(text.as_str()),
        Literal::List(items) => Value::List(items.iter().map(|item| plain(item)).collect()),
        Literal::Map(entries) => Value::Map(entries.iter().map(entry).collect()),
    }
}

fn entry((name, value): &(Text, Spanned<Literal>)) -> (Arc<str>, Value) {
    (name.value.as_str().into(), plain(value))
}
