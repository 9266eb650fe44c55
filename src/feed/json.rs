//! Tables written as a JSON list of objects, and the objects themselves.

use std::{fmt, sync::Arc};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{
    FeedError, Table,
    columns::{Columns, RowPlace},
    error::Mistakes,
    passage::spelling,
};
use crate::{base::value::Value, source::DataFile};

/// The largest list of objects, in bytes: it is read as a whole.
const MAX_LIST_BYTES: u64 = 64 << 20;

/// Reads a list of objects.
pub(super) fn read(file: &DataFile) -> Result<Table, Vec<FeedError>> {
    if let Some(error) = spelling(file) {
        return Err(vec![error]);
    }
    if file.size_bytes() > MAX_LIST_BYTES {
        let most = MAX_LIST_BYTES >> 20;
        return Err(vec![
            FeedError::new(format!(
                "a JSON list is read as a whole: at most {most} MiB"
            ))
            .help("write an object on each line, and name the file as `jsonl`: that can be larger"),
        ]);
    }
    let bytes = file.part(0, file.size_bytes());
    let bytes = bytes.map_err(|error| vec![FeedError::new(error.to_string())])?;
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let start = text.trim_ascii_start();
    if !start.starts_with(b"[") {
        let wrong = FeedError::new("it does not begin as a list of objects").on_line(1);
        return Err(vec![if start.starts_with(b"{") {
            wrong.help("if there is an object on each line, name the file as `jsonl`")
        } else {
            wrong.help("a JSON file is a list of objects: [{ \"name\": \"ada\" }]")
        }]);
    }
    let rows: Vec<Row> = serde_json::from_slice(text).map_err(|error| vec![explain(&error, 1)])?;
    let mut mistakes = Mistakes::default();
    let mut columns = Columns::default();
    let mut kept = Vec::with_capacity(rows.len());
    for (number, row) in (1..).zip(rows) {
        match row.values() {
            Ok(values) => kept.push(columns.lay_out(values, RowPlace::Row(number))),
            Err(why) => mistakes.add(|| FeedError::new(format!("row {number}: {why}"))),
        }
    }
    if mistakes.is_empty() && columns.len() == 0 {
        mistakes.add(|| {
            FeedError::new("there is no row with a value in it")
                .help("a row is an object: { \"name\": \"ada\" }")
        });
    }
    mistakes.or(|| Table::kept(columns.into_known(), kept))
}

/// What the parser says, on a line that is `line` if the text is one line.
pub(super) fn explain(error: &serde_json::Error, line: u64) -> FeedError {
    let full = error.to_string();
    let message = full.split(" at line ").next().unwrap_or(&full);
    let why = if error.is_data() {
        ""
    } else {
        "it is not JSON: "
    };
    FeedError {
        line: Some(line + (error.line() as u64).saturating_sub(1)),
        column: Some(error.column() as u64),
        message: format!("{why}{message}"),
        help: None,
    }
}

/// A row, or what stands where one should be.
#[derive(Debug)]
pub(super) enum Row {
    Object(Vec<(Arc<str>, Value)>),
    /// A name that is there twice.
    Twice(Arc<str>),
    Other(&'static str),
}

impl Row {
    /// Its values by name, or what is wrong with it.
    pub(super) fn values(self) -> Result<Vec<(Arc<str>, Value)>, String> {
        match self {
            Row::Object(values) => Ok(values),
            Row::Twice(name) => Err(format!("`{name}` is there twice")),
            Row::Other(what) => Err(format!("a row is an object, and this is {what}")),
        }
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Row, D::Error> {
        deserializer.deserialize_any(RowVisitor)
    }
}

struct RowVisitor;

impl<'de> Visitor<'de> for RowVisitor {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
        let mut values: Vec<(Arc<str>, Value)> = Vec::new();
        let mut twice = None;
        while let Some((name, cell)) = map.next_entry::<String, Cell>()? {
            let name = Arc::from(name);
            if values.iter().any(|(known, _)| *known == name) {
                twice = Some(name);
            } else {
                values.push((name, cell.0));
            }
        }
        Ok(twice.map_or(Row::Object(values), Row::Twice))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Row, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Row::Other("a list"))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Row, E> {
        Ok(Row::Other("true or false"))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Row, E> {
        Ok(Row::Other("a number"))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Row, E> {
        Ok(Row::Other("a number"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Row, E> {
        Ok(Row::Other("a number"))
    }

    fn visit_str<E>(self, _: &str) -> Result<Row, E> {
        Ok(Row::Other("a text"))
    }

    fn visit_unit<E>(self) -> Result<Row, E> {
        Ok(Row::Other("null"))
    }
}

/// A value, its types kept. Whole numbers of 2^63 and more keep their digits as text.
struct Cell(Value);

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Cell, D::Error> {
        deserializer.deserialize_any(CellVisitor).map(Cell)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut values: Vec<(Arc<str>, Value)> = Vec::new();
        while let Some((name, cell)) = map.next_entry::<String, Cell>()? {
            if values.iter().any(|(known, _)| **known == *name) {
                return Err(A::Error::custom(format!("`{name}` is there twice")));
            }
            values.push((Arc::from(name), cell.0));
        }
        Ok(Value::Map(values.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(cell) = list.next_element::<Cell>()? {
            items.push(cell.0);
        }
        Ok(Value::List(items.into()))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(i64::try_from(number).map_or_else(|_| Value::text(number.to_string()), Value::Int))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Float(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::text(text))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}
