//! Tables written as comma-separated values.

use std::{collections::HashSet, sync::Arc};

use csv::{Error, ErrorKind, Position, ReaderBuilder, StringRecord};

use super::{Feed, FeedError, MAX_ROWS};

/// Reads a table.
pub(super) fn read(text: &str) -> Result<Feed, FeedError> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut next = |record: &mut StringRecord| {
        let found = reader.read_record(record);
        found.map_err(|error| explain(&error, text))
    };
    let at = |line, message: &str| FeedError {
        line,
        message: message.to_owned(),
    };

    if !next(&mut record)? {
        return Err(at(
            1,
            "the file is empty; its first line has to name the columns",
        ));
    }
    let header_line = line(record.position(), text);
    let columns = columns(&record).map_err(|message| at(header_line, &message))?;

    let mut rows: Vec<Box<[Arc<str>]>> = Vec::new();
    let mut last = None;
    while next(&mut record)? {
        if rows.len() == MAX_ROWS {
            let message = format!("a data file can have at most {MAX_ROWS} rows");
            return Err(at(line(record.position(), text), &message));
        }
        rows.push(record.iter().map(Arc::from).collect());
        last = record.position().cloned();
    }
    if rows.is_empty() {
        return Err(at(
            header_line + 1,
            "there is no row below the names of the columns",
        ));
    }
    // The library closes the last quotation mark itself, and all lines after a
    // forgotten one would be a single value that nobody notices.
    if text.matches('"').count() % 2 == 1 {
        return Err(at(
            line(last.as_ref(), text),
            "a quotation mark is not closed; one inside a value is written twice",
        ));
    }
    Ok(Feed { columns, rows })
}

fn columns(header: &StringRecord) -> Result<Vec<Arc<str>>, String> {
    let mut seen = HashSet::new();
    let mut columns = Vec::with_capacity(header.len());
    for (index, name) in header.iter().enumerate() {
        let name = name.trim();
        if name.is_empty() {
            return Err(format!("column {} has no name", index + 1));
        }
        if !seen.insert(name) {
            return Err(format!("two columns are named `{name}`"));
        }
        columns.push(Arc::from(name));
    }
    Ok(columns)
}

fn explain(error: &Error, text: &str) -> FeedError {
    let message = match error.kind() {
        ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("expected as many values as columns: {expected_len}, got {len}"),
        // The others are about files, bytes and types, and there are none here.
        _ => error.to_string(),
    };
    FeedError {
        line: line(error.position(), text),
        message,
    }
}

/// The line on which a record begins.
///
/// Counted here because the library's own count is one behind after `\r\n`.
fn line(position: Option<&Position>, text: &str) -> u64 {
    let before = position.map_or(0, Position::byte);
    let start = usize::try_from(before).map_or(text.len(), |at| at.min(text.len()));
    let bytes = text.as_bytes();
    let skipped = bytes[start..]
        .iter()
        .take_while(|b| matches!(b, b'\r' | b'\n'));
    let end = start + skipped.count();
    let lines = bytes[..end].iter().filter(|b| **b == b'\n').count();
    lines as u64 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_as_it_is_written() {
        let text = "\u{feff}email, name \r\na@x.org,\"Kowalska, \"\"Ala\"\"\"\r\n\r\nb@x.org,\"two\nlines\"";
        let feed = read(text).unwrap();
        assert_eq!(feed.columns(), [Arc::from("email"), Arc::from("name")]);
        let cells: Vec<&str> = (0..feed.len())
            .flat_map(|row| [feed.text(row, 0), feed.text(row, 1)].map(|cell| &**cell))
            .collect();
        assert_eq!(
            cells,
            ["a@x.org", "Kowalska, \"Ala\"", "b@x.org", "two\nlines"]
        );
    }

    #[test]
    #[rustfmt::skip]
    fn what_is_no_table_is_told_with_its_line() {
        let rows = [
            ("",                     1, "the file is empty; its first line has to name the columns"),
            ("\n\n",                 1, "the file is empty; its first line has to name the columns"),
            ("a,b\n",                2, "there is no row below the names of the columns"),
            ("a,b\n1,2\n3\n",        3, "expected as many values as columns: 2, got 1"),
            ("a,b\r\n\"1\n1\",2\r\n3,4,5\r\n", 4, "expected as many values as columns: 2, got 3"),
            ("a,,c\n1,2,3\n",        1, "column 2 has no name"),
            ("a,b, a\n1,2,3\n",      1, "two columns are named `a`"),
            ("a\n\"1\n2\n3\n",       2, "a quotation mark is not closed; one inside a value is written twice"),
        ];
        for (text, line, message) in rows {
            let expected = FeedError { line, message: message.to_owned() };
            assert_eq!(read(text), Err(expected), "{text:?}");
        }
    }
}
