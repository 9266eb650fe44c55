//! Going through a file once, from its beginning to its end.

use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
};

use super::FeedError;
use crate::source::DataFile;

/// The longest row of a file, in bytes: as much as a variable holds.
///
/// A quotation mark that is not closed makes one row of all that follows.
pub(super) const MAX_ROW_BYTES: u64 = 1 << 20;

/// How much is read at once, in bytes.
pub(super) const CHUNK_BYTES: usize = 64 << 10;

/// What passes by while a file is read.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// Quotation marks so far.
    pub(super) quotes: Cell<u64>,
    /// Where reading ends with an error, since a row is too long.
    pub(super) limit_byte: Cell<u64>,
}

/// A file, as something to read from.
#[derive(Debug)]
pub(super) struct Passage<'f> {
    file: &'f DataFile,
    at: u64,
    watch: Rc<Watch>,
}

impl<'f> Passage<'f> {
    pub(super) fn new(file: &'f DataFile, watch: &Rc<Watch>) -> Passage<'f> {
        Passage {
            file,
            at: 0,
            watch: watch.clone(),
        }
    }
}

impl Watch {
    /// A row begins here.
    pub(super) fn row_at(&self, byte: u64) {
        self.limit_byte
            .set(byte + MAX_ROW_BYTES + CHUNK_BYTES as u64);
    }
}

impl Read for Passage<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at > self.watch.limit_byte.get() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let count = self.file.read_at(buffer, self.at)?;
        self.at += count as u64;
        let quotes = buffer[..count].iter().filter(|byte| **byte == b'"').count();
        self.watch
            .quotes
            .set(self.watch.quotes.get() + quotes as u64);
        Ok(count)
    }
}

/// The line that a byte of a file is on, from 1; a line break there belongs to what
/// is before it.
pub(super) fn line_at(file: &DataFile, byte: u64) -> u64 {
    let mut lines = 1;
    let mut at = 0;
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        // What cannot be read again is told of elsewhere.
        let count = file.read_at(&mut buffer, at).unwrap_or(0);
        for read in &buffer[..count] {
            if at >= byte && !matches!(read, b'\r' | b'\n') {
                return lines;
            }
            lines += u64::from(*read == b'\n');
            at += 1;
        }
        if count == 0 {
            return lines;
        }
    }
}

/// What is no text that can be read: told before anything else is.
pub(super) fn spelling(file: &DataFile) -> Option<FeedError> {
    let mut start = [0; 2];
    let count = file.read_at(&mut start, 0).unwrap_or(0);
    let is_utf16 = match start[..count] {
        [0xFF, 0xFE] | [0xFE, 0xFF] => true,
        [first, second] => (first == 0) != (second == 0),
        _ => false,
    };
    is_utf16.then(|| FeedError::new("it is UTF-16").help("save the file as UTF-8"))
}

/// Why a row could not be read: it goes on and on, or the disk says no.
pub(super) fn too_long(error: &io::Error, watch: &Watch) -> FeedError {
    if error.kind() != io::ErrorKind::FileTooLarge {
        return FeedError::new(error.to_string());
    }
    let most = MAX_ROW_BYTES >> 20;
    let long = FeedError::new(format!("the row is longer than {most} MiB"));
    if watch.quotes.get().is_multiple_of(2) {
        return long;
    }
    long.help("a quotation mark may not be closed; one inside a value is written twice")
}
