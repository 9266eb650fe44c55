//! Tables written as JSON lines: an object on each.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    rc::Rc,
    sync::Arc,
};

use super::{
    Cells, FeedError, Table,
    columns::{Column, Columns, RowPlace},
    disk::{Disk, Index},
    error::Mistakes,
    json::{Row, explain},
    passage::{CHUNK_BYTES, MAX_ROW_BYTES, Passage, Watch, spelling},
    table::Written,
};
use crate::{base::value::Value, source::DataFile};

/// The most columns that all rows together may have: names that are made up row by
/// row would fill the memory.
const MAX_COLUMNS: usize = 1_000;

/// Reads a table, or goes through it once if it is large.
pub(super) fn read(file: DataFile) -> Result<Table, Vec<FeedError>> {
    if let Some(error) = spelling(&file) {
        return Err(vec![error]);
    }
    let mut mistakes = Mistakes::default();
    let mut columns = Columns::default();
    let mut rows = Vec::new();
    let mut index = Index::default();
    let is_kept = file.is_kept();
    let seen = each_line(&file, |number, start_byte, line| {
        match row(line, number) {
            Ok(values) => {
                let cells = columns.lay_out(values, RowPlace::Line(number));
                if is_kept {
                    rows.push(cells);
                } else {
                    index.note(start_byte, start_byte + line.len() as u64);
                }
            }
            Err(error) => mistakes.add(|| error),
        }
        columns.len() <= MAX_COLUMNS
    });
    if let Err(error) = seen {
        mistakes.add(|| error);
    } else if columns.len() > MAX_COLUMNS {
        mistakes.add(|| {
            FeedError::new(format!("the rows have more than {MAX_COLUMNS} columns"))
                .help("what differs from row to row belongs into values, not into names")
        });
    } else if mistakes.is_empty() && columns.len() == 0 {
        mistakes.add(|| {
            FeedError::new("there is no row with a value in it")
                .on_line(1)
                .help("a row is an object on a line: { \"name\": \"ada\" }")
        });
    }
    mistakes.or(|| ())?;
    let columns = columns.into_known();
    Ok(if is_kept {
        Table::kept(columns, rows)
    } else {
        Table::on_disk(columns, Disk::new(file, Written::JsonLines, index))
    })
}

/// A row out of a part of a file; `None` if it is not as it was.
pub(super) fn nth_row(part: &[u8], nth: u64, columns: &[Column]) -> Option<Cells> {
    let mut lines = part
        .split(|byte| *byte == b'\n')
        .filter(|line| !is_blank(line));
    let line = lines.nth(usize::try_from(nth).ok()?)?;
    let values = serde_json::from_slice::<Row>(without_mark(line)).ok()?;
    let mut values = values.values().ok()?;
    let mut cells: Vec<Option<Value>> = Vec::with_capacity(columns.len());
    for column in columns {
        let at = values.iter().position(|(name, _)| *name == column.name);
        cells.push(at.map(|at| values.swap_remove(at).1));
    }
    // A name that is no column was not there before.
    values.is_empty().then(|| cells.into())
}

fn row(line: &[u8], number: u64) -> Result<Vec<(Arc<str>, Value)>, FeedError> {
    let row: Row =
        serde_json::from_slice(without_mark(line)).map_err(|error| explain(&error, number))?;
    row.values()
        .map_err(|why| FeedError::new(why).on_line(number))
}

/// Shows every line that is not blank with its number and where it begins, until
/// nobody wants to see more.
fn each_line(
    file: &DataFile,
    mut see: impl FnMut(u64, u64, &[u8]) -> bool,
) -> Result<(), FeedError> {
    let watch = Rc::new(Watch::default());
    watch.limit_byte.set(u64::MAX);
    let mut reader = BufReader::with_capacity(CHUNK_BYTES, Passage::new(file, &watch));
    let mut line = Vec::new();
    let mut start_byte = 0;
    for number in 1.. {
        line.clear();
        let mut limited = reader.by_ref().take(MAX_ROW_BYTES + 1);
        let count = limited
            .read_until(b'\n', &mut line)
            .map_err(|error| FeedError::new(error.to_string()).on_line(number))?;
        if count as u64 > MAX_ROW_BYTES {
            let most = MAX_ROW_BYTES >> 20;
            return Err(
                FeedError::new(format!("the row is longer than {most} MiB")).on_line(number)
            );
        }
        if count == 0 || !is_blank(&line) && !see(number, start_byte, &line) {
            break;
        }
        start_byte += count as u64;
    }
    Ok(())
}

fn is_blank(line: &[u8]) -> bool {
    without_mark(line).trim_ascii().is_empty()
}

/// Without the byte order mark that the first line of a file may begin with.
fn without_mark(line: &[u8]) -> &[u8] {
    line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line)
}
