//! A table, wherever its rows are.

use std::sync::Arc;

use super::{
    Cells, FeedError,
    columns::{Column, Columns, RowPlace},
    csv,
    disk::Disk,
    json, lines,
};
use crate::{base::value::Value, source::DataFile};

/// How a file writes its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// Values between delimiters (RFC 4180); the first line names the columns.
    Csv { delimiter: u8 },
    /// A list of objects.
    Json,
    /// An object on each line.
    JsonLines,
}

/// Rows, all with the same columns.
///
/// Invariant: there is at least one row and one column.
#[derive(Debug)]
pub struct Table {
    columns: Box<[Column]>,
    rows: Rows,
}

#[derive(Debug)]
enum Rows {
    Kept(Box<[Cells]>),
    OnDisk(Disk),
}

impl Table {
    /// Reads a file: all of a small one, and once through a large one.
    ///
    /// # Errors
    ///
    /// All that is wrong with it, as far as it is told.
    pub fn read(file: DataFile, written: Written) -> Result<Table, Vec<FeedError>> {
        match written {
            Written::Csv { delimiter } => csv::read(file, delimiter),
            Written::Json => json::read(&file),
            Written::JsonLines => lines::read(file),
        }
    }

    /// Makes a table of rows whose values have names; `None` without a row or without
    /// a value.
    pub fn of(rows: Vec<Vec<(Arc<str>, Value)>>) -> Option<Table> {
        let mut columns = Columns::default();
        let rows = (1..).zip(rows);
        let rows = rows.map(|(number, row)| columns.lay_out(row, RowPlace::Row(number)));
        let rows: Vec<_> = rows.collect();
        (columns.len() > 0).then(|| Table::kept(columns.into_known(), rows))
    }

    pub(super) fn kept(columns: Box<[Column]>, rows: Vec<Vec<Option<Value>>>) -> Table {
        let rows = rows.into_iter().map(|mut cells| {
            // Those before a column was first seen.
            cells.resize(columns.len(), None);
            Cells::from(cells)
        });
        let rows = Rows::Kept(rows.collect());
        Table { columns, rows }
    }

    pub(super) fn on_disk(columns: Box<[Column]>, disk: Disk) -> Table {
        Table {
            columns,
            rows: Rows::OnDisk(disk),
        }
    }

    /// The columns: in the order of the file.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// How many rows there are; never 0.
    pub fn rows(&self) -> u64 {
        match &self.rows {
            Rows::Kept(rows) => rows.len() as u64,
            Rows::OnDisk(disk) => disk.rows(),
        }
    }

    /// The values of a row.
    ///
    /// # Errors
    ///
    /// Why it cannot be read from the disk.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn cells(&self, row: u64) -> Result<Cells, Arc<str>> {
        match &self.rows {
            Rows::Kept(rows) => {
                let row = usize::try_from(row).expect("a kept row has an index");
                Ok(rows[row].clone())
            }
            Rows::OnDisk(disk) => disk.cells(row, &self.columns).map_err(Arc::from),
        }
    }
}
