//! What bytes mean as the answer to a request, without a connection: for whoever wants
//! to try many of them. A session reads in the same way, with the same parts.

use super::{
    buffer::Buffer,
    framing::{Framing, Step},
    head::{self, Found, Head},
};
use crate::{base::method::Method, exchange::Headers};

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Understood {
    pub status: u16,
    pub headers: Headers,
    pub body: Vec<u8>,
}

/// Why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misunderstood {
    /// It has no end.
    Part,
    /// Its head is not HTTP, or too large.
    Head,
    /// A chunk of its body is not written as it must be.
    Chunk,
}

/// Reads an answer to a `method` request that comes in pieces of a size, after which the
/// connection ends.
///
/// # Errors
///
/// [`Misunderstood`].
///
/// # Panics
///
/// If the pieces are to have no bytes.
pub fn understood(
    bytes: &[u8],
    piece_bytes: usize,
    method: Method,
) -> Result<Understood, Misunderstood> {
    let mut buffer = Buffer::default();
    let mut pieces = bytes.chunks(piece_bytes);
    let head = head_of(&mut buffer, &mut pieces, method)?;
    let mut framing = head.framing;
    let mut body = Vec::new();
    while let Some(rest) = &mut framing {
        match rest.step(&mut buffer) {
            Ok(Step::Piece(count)) => body.extend_from_slice(buffer.take(count)),
            Ok(Step::End) => break,
            Ok(Step::More) => match pieces.next() {
                Some(piece) => buffer.push(piece),
                None if *rest == Framing::ToTheEnd => break,
                None => return Err(Misunderstood::Part),
            },
            Err(_) => return Err(Misunderstood::Chunk),
        }
    }
    Ok(Understood {
        status: head.status,
        headers: head.headers,
        body,
    })
}

fn head_of<'b>(
    buffer: &mut Buffer,
    pieces: &mut impl Iterator<Item = &'b [u8]>,
    method: Method,
) -> Result<Head, Misunderstood> {
    let mut searched = 0;
    loop {
        let there = buffer.unused();
        if !there.is_empty() {
            match head::find(there, searched, method).map_err(|_| Misunderstood::Head)? {
                Found::Part => searched = there.len(),
                Found::Interim(size) => {
                    buffer.take(size);
                    searched = 0;
                    continue;
                }
                Found::Answer(head, size) => {
                    buffer.take(size);
                    return Ok(head);
                }
            }
        }
        let piece = pieces.next().ok_or(Misunderstood::Part)?;
        buffer.push(piece);
    }
}
