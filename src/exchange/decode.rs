//! Bodies as they were before they were compressed for the way.

use std::{
    fmt,
    io::{ErrorKind, Read},
};

use flate2::{Decompress, FlushDecompress, Status, bufread::GzDecoder};

use super::{Failure, FailureKind};

/// The most of a body that is kept to look at, in bytes: as it came, and again as
/// it is once decompressed.
///
/// Some pages are megabytes; what has more than this is a download, and a few
/// users who keep one each would end the run. Compressed, it can be a
/// thousandth of that on the way.
pub const MAX_KEPT_BODY_BYTES: usize = 64 << 20;

/// A way in which a body can be compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
}

/// Undoes all that the headers `Content-Encoding` say, the last first; `None`
/// where they say nothing, and the body is what came.
///
/// A body without a byte is empty, whatever they say: answers to `HEAD` and
/// those of 304 have the header too.
///
/// # Errors
///
/// Of kind `decompression` for a coding that is not read, for broken data and
/// for data that end too early; of kind `body_too_large` beyond
/// [`MAX_KEPT_BODY_BYTES`].
pub(super) fn decompressed<'h>(
    headers: impl Iterator<Item = &'h [u8]>,
    body: &[u8],
) -> Result<Option<Vec<u8>>, Failure> {
    if body.is_empty() {
        return Ok(None);
    }
    let codings = codings(headers)?;
    let mut content: Option<Vec<u8>> = None;
    for coding in codings.iter().rev() {
        let packed = content.as_deref().unwrap_or(body);
        content = Some(match coding {
            Coding::Gzip => gunzip(packed)?,
            Coding::Deflate => inflate_either(packed)?,
        });
    }
    Ok(content)
}

/// How many codings may lie over each other: nobody uses more than one, and each
/// costs as much as the body is long.
const MAX_CODINGS: usize = 4;

/// The codings of all headers, in the order in which they were applied.
fn codings<'h>(headers: impl Iterator<Item = &'h [u8]>) -> Result<Vec<Coding>, Failure> {
    let mut codings = Vec::new();
    for name in headers.flat_map(|header| header.split(|byte| *byte == b',')) {
        let name = String::from_utf8_lossy(name.trim_ascii()).to_ascii_lowercase();
        match name.as_str() {
            "" | "identity" => {}
            "gzip" | "x-gzip" => codings.push(Coding::Gzip),
            "deflate" => codings.push(Coding::Deflate),
            other => {
                let other: String = other.chars().take(MAX_CODING_CHARS).collect();
                return Err(broken(format!(
                    "the body says it is `{other}`, which is not read; gzip and deflate are"
                )));
            }
        }
    }
    if codings.len() > MAX_CODINGS {
        return Err(broken(format!(
            "the body says it is compressed {} times over; up to {MAX_CODINGS} are read",
            codings.len()
        )));
    }
    Ok(codings)
}

/// How much a message repeats of a coding that nobody knows, in characters.
const MAX_CODING_CHARS: usize = 40;

/// The members of a gzip file, one after the other.
fn gunzip(packed: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut content = Vec::new();
    let mut rest = packed;
    // What follows a member and is none itself, browsers pass over as well.
    while rest.len() == packed.len() || rest.starts_with(&GZIP_MAGIC) {
        // One byte more than is kept, so that it shows when there is more.
        let most_bytes = (MAX_KEPT_BODY_BYTES + 1 - content.len()) as u64;
        let member = GzDecoder::new(&mut rest);
        let read = member.take(most_bytes).read_to_end(&mut content);
        read.map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => ends_early(Coding::Gzip),
            _ => broken_data(Coding::Gzip),
        })?;
        hold_to_bound(&content)?;
    }
    Ok(content)
}

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// `deflate` means deflated data in the wrapping of zlib; many servers send it
/// without, and browsers take either.
fn inflate_either(packed: &[u8]) -> Result<Vec<u8>, Failure> {
    // A head of zlib: its method, and a sum over two bytes. Data without it would
    // have to begin with a block whose padding is not zero, which nobody writes.
    let wrapping = match packed {
        [first, second, ..]
            if first & 0x0f == 8 && u16::from_be_bytes([*first, *second]) % 31 == 0 =>
        {
            Wrapping::Zlib
        }
        _ => Wrapping::Raw,
    };
    inflate(packed, wrapping)
}

/// What is around deflated data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrapping {
    Zlib,
    Raw,
}

/// How much room is made each time that there is none, at least, in bytes.
const STEP_BYTES: usize = 16 << 10;

/// The content of deflated data. Not by the library's reader, which takes data
/// that end too early for whole ones.
fn inflate(packed: &[u8], wrapping: Wrapping) -> Result<Vec<u8>, Failure> {
    let mut content = Vec::new();
    let mut stream = Decompress::new(wrapping == Wrapping::Zlib);
    loop {
        let (read_bytes, written_bytes) = (stream.total_in(), stream.total_out());
        let rest = usize::try_from(read_bytes).expect("within a slice");
        let missing = MAX_KEPT_BODY_BYTES + 1 - content.len();
        content.reserve_exact(content.len().max(STEP_BYTES).min(missing));
        let status = stream
            .decompress_vec(&packed[rest..], &mut content, FlushDecompress::None)
            .map_err(|_| broken_data(Coding::Deflate))?;
        hold_to_bound(&content)?;
        let stands_still = stream.total_in() == read_bytes && stream.total_out() == written_bytes;
        match status {
            Status::StreamEnd => return Ok(content),
            Status::Ok | Status::BufError if stands_still => {
                return Err(ends_early(Coding::Deflate));
            }
            Status::Ok | Status::BufError => {}
        }
    }
}

/// A few kilobytes can become a gigabyte.
fn hold_to_bound(content: &[u8]) -> Result<(), Failure> {
    if content.len() <= MAX_KEPT_BODY_BYTES {
        return Ok(());
    }
    let most = MAX_KEPT_BODY_BYTES >> 20;
    Err(Failure::new(
        FailureKind::BodyTooLarge,
        format!(
            "decompressed, the body has more than {most} MiB, which is the most that is kept to look at"
        ),
    ))
}

fn broken(detail: String) -> Failure {
    Failure::new(FailureKind::Decompression, detail)
}

fn broken_data(coding: Coding) -> Failure {
    broken(format!(
        "the body says it is {coding}, and its data are broken"
    ))
}

fn ends_early(coding: Coding) -> Failure {
    broken(format!("the body says it is {coding}, and ends too early"))
}

impl fmt::Display for Coding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Coding::Gzip => "gzip",
            Coding::Deflate => "deflate",
        })
    }
}
