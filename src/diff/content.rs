//! What is in a file that a plan names.

use std::io;

use sha2::{Digest, Sha256};

use crate::source::DataFile;

/// Enough of a file to tell whether it changed, and by how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    digest: [u8; 32],
    size_bytes: u64,
    lines: u64,
}

/// How much is read at once.
const PART_BYTES: usize = 1 << 16;

impl Content {
    /// Reads a file of any size, a part at a time.
    ///
    /// # Errors
    ///
    /// What the file system says.
    pub fn of(file: &DataFile) -> io::Result<Content> {
        let mut hash = Sha256::new();
        let mut part = vec![0; PART_BYTES];
        let (mut size_bytes, mut lines, mut last) = (0, 0, b'\n');
        loop {
            let read = match file.read_at(&mut part, size_bytes) {
                Ok(0) => break,
                Ok(read) => &part[..read],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            hash.update(read);
            size_bytes += read.len() as u64;
            lines += read.iter().filter(|byte| **byte == b'\n').count() as u64;
            last = read[read.len() - 1];
        }
        Ok(Content {
            digest: hash.finalize().into(),
            size_bytes,
            // A last line need not have an end.
            lines: lines + u64::from(last != b'\n'),
        })
    }

    /// How long it is, as people say it.
    pub(super) fn told(&self) -> String {
        let lines = if self.lines == 1 { "line" } else { "lines" };
        format!("{} {lines}, {} bytes", self.lines, self.size_bytes)
    }
}
