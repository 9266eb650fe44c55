//! Files with rows: small ones in memory, large ones open, read part by part.

use std::{fs::File, io, path::Path};

use super::ReadError;

/// The largest data file that is kept in memory, in bytes.
///
/// Its rows take about five times as much; what is larger stays on the disk, of which
/// the system keeps in memory what is in use.
pub const MAX_KEPT_BYTES: u64 = 8 << 20;

/// A data file, to be read from any place.
#[derive(Debug)]
pub struct DataFile {
    held: Held,
}

#[derive(Debug)]
enum Held {
    Memory(Box<[u8]>),
    Disk { file: File, size_bytes: u64 },
}

impl DataFile {
    /// A file that is held in memory.
    pub fn in_memory(bytes: impl Into<Box<[u8]>>) -> DataFile {
        DataFile {
            held: Held::Memory(bytes.into()),
        }
    }

    pub(super) fn open(path: &Path) -> Result<DataFile, ReadError> {
        let io = |source| ReadError::Io {
            path: path.into(),
            source,
        };
        let file = File::open(path).map_err(io)?;
        let meta = file.metadata().map_err(io)?;
        if meta.is_dir() {
            return Err(io(io::ErrorKind::IsADirectory.into()));
        }
        if !meta.is_file() {
            // A pipe would be read to its end by the first who looks.
            return Err(ReadError::Binary { path: path.into() });
        }
        let opened = DataFile {
            held: Held::Disk {
                file,
                size_bytes: meta.len(),
            },
        };
        if meta.len() > MAX_KEPT_BYTES {
            return Ok(opened);
        }
        let bytes = opened.part(0, meta.len()).map_err(io)?;
        Ok(DataFile::in_memory(bytes))
    }

    /// How long it was when it was opened.
    pub fn size_bytes(&self) -> u64 {
        match &self.held {
            Held::Memory(bytes) => bytes.len() as u64,
            Held::Disk { size_bytes, .. } => *size_bytes,
        }
    }

    /// Whether all of it is in memory.
    pub fn is_kept(&self) -> bool {
        match &self.held {
            Held::Memory(_) => true,
            Held::Disk { .. } => false,
        }
    }

    /// Reads what there is from a place on, as far as `buffer` has room; 0 at the end.
    ///
    /// # Errors
    ///
    /// What the file system says. Memory has no errors.
    pub fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        match &self.held {
            Held::Memory(bytes) => {
                let rest = usize::try_from(at).ok().and_then(|at| bytes.get(at..));
                let rest = rest.unwrap_or_default();
                let count = rest.len().min(buffer.len());
                buffer[..count].copy_from_slice(&rest[..count]);
                Ok(count)
            }
            Held::Disk { file, .. } => read_file_at(file, buffer, at),
        }
    }

    /// The bytes from one place to another.
    ///
    /// # Errors
    ///
    /// As [`DataFile::read_at`]; and if the file ends before.
    pub fn part(&self, from: u64, to: u64) -> io::Result<Vec<u8>> {
        let length = usize::try_from(to.saturating_sub(from)).map_err(io::Error::other)?;
        let mut part = vec![0; length];
        let mut filled = 0;
        while filled < length {
            match self.read_at(&mut part[filled..], from + filled as u64) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(part)
    }
}

// Without a cursor, so that threads can share the file and need no lock.
#[cfg(unix)]
fn read_file_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

#[cfg(windows)]
fn read_file_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}
