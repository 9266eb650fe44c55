//! Rows of a large file, read when they are drawn.

use std::io;

use super::{Cells, columns::Column, csv, lines, table::Written};
use crate::source::DataFile;

/// About how much of a file is read for a row, in bytes: what the system reads at
/// once anyway. The index has an entry for each of these parts.
const PART_BYTES: u64 = 16 << 10;

/// A file whose rows stay on the disk.
#[derive(Debug)]
pub(super) struct Disk {
    file: DataFile,
    written: Written,
    index: Index,
}

/// Where the parts of a file begin.
///
/// Invariant: the first part begins with row 0, and both rows and bytes increase.
#[derive(Debug, Default)]
pub(super) struct Index {
    parts: Vec<Part>,
    rows: u64,
    end_byte: u64,
}

#[derive(Clone, Copy, Debug)]
struct Part {
    first_row: u64,
    start_byte: u64,
}

impl Index {
    /// Notes the next row, and where it begins and ends.
    pub(super) fn note(&mut self, start_byte: u64, end_byte: u64) {
        let is_full = |part: &Part| start_byte - part.start_byte >= PART_BYTES;
        if self.parts.last().is_none_or(is_full) {
            self.parts.push(Part {
                first_row: self.rows,
                start_byte,
            });
        }
        self.rows += 1;
        self.end_byte = end_byte;
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// The bytes among which a row is, and how many rows are before it there.
    fn part_of(&self, row: u64) -> (u64, u64, u64) {
        let after = self.parts.partition_point(|part| part.first_row <= row);
        let part = self.parts[after - 1];
        let end = self.parts.get(after);
        let end = end.map_or(self.end_byte, |next| next.start_byte);
        (part.start_byte, end, row - part.first_row)
    }
}

impl Disk {
    pub(super) fn new(file: DataFile, written: Written, index: Index) -> Disk {
        Disk {
            file,
            written,
            index,
        }
    }

    pub(super) fn rows(&self) -> u64 {
        self.index.rows()
    }

    /// Reads a row, which may have become another one since it was counted.
    pub(super) fn cells(&self, row: u64, columns: &[Column]) -> Result<Cells, String> {
        let (start, end, nth) = self.index.part_of(row);
        let changed = || "the file has changed since the run began".to_owned();
        let part = self.file.part(start, end).map_err(|why| match why.kind() {
            io::ErrorKind::UnexpectedEof => changed(),
            _ => why.to_string(),
        })?;
        let cells = match self.written {
            Written::Csv { delimiter } => csv::nth_row(&part, nth, delimiter, columns),
            Written::JsonLines => lines::nth_row(&part, nth, columns),
            Written::Json => unreachable!("a list is read as a whole"),
        };
        cells.ok_or_else(changed)
    }
}
