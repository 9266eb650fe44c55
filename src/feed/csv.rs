//! Tables written as comma-separated values.

use std::{collections::HashSet, io, rc::Rc, sync::Arc};

use csv::{ByteRecord, Error, ErrorKind, Reader, ReaderBuilder};

use super::{
    Cells, FeedError, Table,
    columns::Column,
    disk::{Disk, Index},
    error::Mistakes,
    passage::{CHUNK_BYTES, Passage, Watch, line_at, spelling, too_long},
    table::Written,
};
use crate::{base::value::Value, source::DataFile};

/// What separates values in files that programs call CSV nevertheless.
const OTHER_DELIMITERS: [(char, &str); 3] = [(';', "';'"), ('\t', "tab"), ('|', "'|'")];

/// Reads a table, or goes through it once if it is large.
pub(super) fn read(file: DataFile, delimiter: u8) -> Result<Table, Vec<FeedError>> {
    if let Some(error) = spelling(&file) {
        return Err(vec![error]);
    }
    let (columns, rows, index) = Scan::new(&file, delimiter).all(delimiter)?;
    Ok(if file.is_kept() {
        Table::kept(columns, rows)
    } else {
        Table::on_disk(columns, Disk::new(file, Written::Csv { delimiter }, index))
    })
}

/// A row out of a part of a file; `None` if it is not as it was.
pub(super) fn nth_row(part: &[u8], nth: u64, delimiter: u8, columns: &[Column]) -> Option<Cells> {
    let mut reader = reader(part, delimiter);
    let mut record = ByteRecord::new();
    for _ in 0..=nth {
        if !reader.read_byte_record(&mut record).ok()? {
            return None;
        }
    }
    if record.len() != columns.len() {
        return None;
    }
    let text = |cell| Some(Some(Value::text(str::from_utf8(cell).ok()?)));
    record.iter().map(text).collect()
}

fn reader<R: io::Read>(from: R, delimiter: u8) -> Reader<R> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(CHUNK_BYTES)
        .from_reader(from)
}

/// A file that is gone through, row by row.
struct Scan<'f> {
    file: &'f DataFile,
    watch: Rc<Watch>,
    reader: Reader<Passage<'f>>,
    record: ByteRecord,
    /// Where the last row began that there was.
    row_start: u64,
    mistakes: Mistakes,
}

/// The columns, the rows of a small file, where those of a large one are.
type Scanned = (Box<[Column]>, Vec<Vec<Option<Value>>>, Index);

impl<'f> Scan<'f> {
    fn new(file: &'f DataFile, delimiter: u8) -> Scan<'f> {
        let watch = Rc::new(Watch::default());
        Scan {
            file,
            reader: reader(Passage::new(file, &watch), delimiter),
            watch,
            record: ByteRecord::new(),
            row_start: 0,
            mistakes: Mistakes::default(),
        }
    }

    fn all(mut self, delimiter: u8) -> Result<Scanned, Vec<FeedError>> {
        let columns = self.header(delimiter);
        let mut rows = Vec::new();
        let mut index = Index::default();
        while !columns.is_empty() && self.next(columns.len()) {
            if !self.mistakes.is_empty() {
                continue;
            }
            if self.file.is_kept() {
                let text = |cell| Some(Value::text(&*String::from_utf8_lossy(cell)));
                rows.push(self.record.iter().map(text).collect());
            } else {
                index.note(self.row_start, self.reader.position().byte());
            }
        }
        if self.mistakes.is_empty() && rows.is_empty() && index.rows() == 0 {
            let line = line_at(self.file, self.row_start) + 1;
            self.mistakes.add(|| {
                FeedError::new("there is no row below the names of the columns").on_line(line)
            });
        }
        self.mistakes.or(|| (columns, rows, index))
    }

    /// Reads the names of the columns; none if there are none, which is told of.
    fn header(&mut self, delimiter: u8) -> Box<[Column]> {
        if !self.advance() {
            if self.mistakes.is_empty() {
                let empty = "the file is empty; its first line has to name the columns";
                self.mistakes.add(|| FeedError::new(empty).on_line(1));
            }
            return Box::default();
        }
        let line = line_at(self.file, self.row_start);
        let mut seen = HashSet::new();
        let mut columns = Vec::with_capacity(self.record.len());
        for (number, bytes) in (1..).zip(&self.record) {
            let name = String::from_utf8_lossy(bytes);
            let name: Arc<str> = name.trim().into();
            let wrong = if str::from_utf8(bytes).is_err() {
                Some(not_utf8("name", number))
            } else if name.is_empty() {
                let nameless = FeedError::new(format!("column {number} has no name"));
                Some(nameless.help("the first line names the columns"))
            } else if !seen.insert(name.clone()) {
                let twice = FeedError::new(format!("two columns are named `{name}`"));
                Some(twice.help("give one of them another name"))
            } else {
                None
            };
            if let Some(wrong) = wrong {
                self.mistakes.add(|| wrong.on_line(line));
            }
            columns.push(Column {
                name,
                lacking: None,
            });
        }
        if let [only] = columns.as_slice()
            && let Some(wrong) = other_delimiter(&only.name, delimiter)
        {
            self.mistakes.add(|| wrong.on_line(line));
            return Box::default();
        }
        columns.into()
    }

    /// Comes to the next row that there is, and says what is wrong with it.
    fn next(&mut self, columns: usize) -> bool {
        if !self.advance() {
            return false;
        }
        let is_bad = |cell| str::from_utf8(cell).is_err();
        let wrong = match self.record.iter().position(is_bad) {
            Some(at) => not_utf8("value", at + 1),
            None if self.record.len() != columns => ragged(self.record.len(), columns),
            None => return true,
        };
        let (file, start) = (self.file, self.row_start);
        self.mistakes.add(|| wrong.on_line(line_at(file, start)));
        true
    }

    fn advance(&mut self) -> bool {
        let from = self.reader.position().byte();
        self.watch.row_at(from);
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => {
                self.row_start = self.record.position().map_or(0, csv::Position::byte);
                true
            }
            Ok(false) => {
                self.unclosed();
                false
            }
            Err(error) => {
                let line = line_at(self.file, from);
                let wrong = too_long(&io_error(error), &self.watch);
                self.mistakes.add(|| wrong.on_line(line));
                false
            }
        }
    }

    /// The library closes the last quotation mark itself, and all lines after a
    /// forgotten one would be a single value that nobody notices.
    fn unclosed(&mut self) {
        if self.watch.quotes.get().is_multiple_of(2) {
            return;
        }
        // Counted here because the library's own count is one behind after `\r\n`.
        let line = line_at(self.file, self.row_start);
        // What is wrong with that row is wrong because of this.
        self.mistakes.take_back_from(line);
        self.mistakes.add(|| {
            FeedError::new("a quotation mark is not closed")
                .on_line(line)
                .help("one inside a value is written twice, and the value stands in quotes")
        });
    }
}

fn other_delimiter(header: &str, delimiter: u8) -> Option<FeedError> {
    let mut others = OTHER_DELIMITERS.iter();
    let (sign, word) = others.find(|(sign, _)| header.contains(*sign))?;
    let shown = match sign {
        '\t' => "a tab".to_owned(),
        sign => format!("`{sign}`"),
    };
    let delimiter = char::from(delimiter);
    Some(
        FeedError::new(format!(
            "there is one column by `{delimiter}`, and {shown} in its name"
        ))
        .help(format!(
            "if that separates the columns, write `delimiter: {word}`"
        )),
    )
}

fn ragged(values: usize, columns: usize) -> FeedError {
    let plural = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    };
    let (values_are, columns_are) = (plural(values, "value"), plural(columns, "column"));
    FeedError::new(format!("{values_are} for {columns_are}")).help(if values > columns {
        "a value with a delimiter in it stands in double quotes: \"Kowalska, Anna\""
    } else {
        "an empty value is nothing between two delimiters"
    })
}

fn not_utf8(what: &str, column: usize) -> FeedError {
    FeedError::new(format!("the {what} of column {column} is not UTF-8"))
        .help("save the file as UTF-8")
}

fn io_error(error: Error) -> io::Error {
    match error.into_kind() {
        ErrorKind::Io(error) => error,
        // The others are about encodings, lengths and types, and nobody asked.
        other => io::Error::other(format!("{other:?}")),
    }
}
