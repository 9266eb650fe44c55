//! Records of a file that is only ever appended to, each with its length and checksum.
//!
//! ```text
//! ┌────────────┬──────────────┬──────┬─────────┐
//! │ length u32 │ CRC-32   u32 │ kind │ content │   little-endian; the length and the
//! └────────────┴──────────────┴──────┴─────────┘   checksum are of kind and content
//! ```
//!
//! The kind says whether the content is deflated. The content is in the format of the
//! crate `postcard`: numbers in as many bytes as they need.

use std::io::{self, Read as _};

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use serde::{Serialize, de::DeserializeOwned};

/// The most bytes that a record may have, also when it is inflated. The largest there
/// is, all numbers of a run with a thousand names, takes some dozen MB.
const MAX_BYTES: usize = 1 << 30;

const HEAD: usize = 8;
const PLAIN: u8 = 0;
const DEFLATED: u8 = 1;

/// Whether a record is worth the time that it takes to make it small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    AsItIs,
    Small,
}

/// A value as one record.
pub(super) fn record(value: &impl Serialize, size: Size) -> io::Result<Vec<u8>> {
    let content = postcard::to_stdvec(value).map_err(io::Error::other)?;
    framed(&content, size)
}

/// What is encoded already, as one record.
pub(super) fn framed(content: &[u8], size: Size) -> io::Result<Vec<u8>> {
    let mut out = vec![0; HEAD];
    match size {
        Size::AsItIs => {
            out.push(PLAIN);
            out.extend_from_slice(content);
        }
        Size::Small => {
            out.push(DEFLATED);
            let mut encoder = DeflateEncoder::new(out, Compression::default());
            io::Write::write_all(&mut encoder, content)?;
            out = encoder.finish()?;
        }
    }
    let length = u32::try_from(out.len() - HEAD).map_err(io::Error::other)?;
    out[..4].copy_from_slice(&length.to_le_bytes());
    let checksum = crc32fast::hash(&out[HEAD..]);
    out[4..HEAD].copy_from_slice(&checksum.to_le_bytes());
    Ok(out)
}

/// All records of a file that are whole.
#[derive(Debug)]
pub(super) struct Records<T> {
    pub records: Vec<T>,
    /// Bytes that belong to none: a record that was being written when the program
    /// ended, or that something else has changed since.
    pub broken_bytes: usize,
}

/// Reads all records of a file.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Records<T> {
    let mut records = Vec::new();
    let broken_bytes = each(bytes, |record| records.push(record));
    Records {
        records,
        broken_bytes,
    }
}

/// Reads the records of a file one by one: a long run does not have to be in memory as a
/// whole. What is broken is passed over, up to the next record that is whole; returns how
/// many bytes that was.
pub(super) fn each<T: DeserializeOwned>(mut bytes: &[u8], mut visit: impl FnMut(T)) -> usize {
    let mut broken_bytes = 0;
    while !bytes.is_empty() {
        match first(bytes) {
            Some((record, rest)) => {
                visit(record);
                bytes = rest;
            }
            None => {
                broken_bytes += 1;
                bytes = &bytes[1..];
            }
        }
    }
    broken_bytes
}

/// The record at the beginning, and what follows it.
fn first<T: DeserializeOwned>(bytes: &[u8]) -> Option<(T, &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (checksum, rest) = rest.split_first_chunk()?;
    let length = u32::from_le_bytes(*length) as usize;
    let (content, rest) = rest.split_at_checked(length)?;
    if length > MAX_BYTES || crc32fast::hash(content) != u32::from_le_bytes(*checksum) {
        return None;
    }
    let record = match content.split_first()? {
        (&PLAIN, content) => postcard::from_bytes(content).ok()?,
        (&DEFLATED, content) => {
            let mut inflated = Vec::new();
            let decoder = DeflateDecoder::new(content);
            decoder
                .take(MAX_BYTES as u64)
                .read_to_end(&mut inflated)
                .ok()?;
            postcard::from_bytes(&inflated).ok()?
        }
        (_, _) => return None,
    };
    Some((record, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Vec<u8> {
        let sizes = [Size::AsItIs, Size::Small, Size::AsItIs];
        let records = ["one", "two", "three"].into_iter().zip(sizes);
        let records = records.map(|(text, size)| record(&text.to_owned(), size).unwrap());
        records.collect::<Vec<_>>().concat()
    }

    #[test]
    fn a_file_that_ends_anywhere_has_all_records_before() {
        let whole = file();
        for length in 0..=whole.len() {
            let found: Records<String> = read(&whole[..length]);
            let texts: Vec<&str> = found.records.iter().map(String::as_str).collect();
            assert!(["one", "two", "three"].starts_with(&texts), "{texts:?}");
            if length == whole.len() {
                assert_eq!((texts.len(), found.broken_bytes), (3, 0));
            }
        }
    }

    #[test]
    fn a_record_that_was_changed_is_passed_over_and_no_other() {
        let whole = file();
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 0x10;
            let found: Records<String> = read(&changed);
            assert_eq!(found.records.len(), 2, "byte {at}");
            assert!(found.broken_bytes > 0);
        }
    }
}
