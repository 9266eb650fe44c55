//! Where the body of an answer ends (RFC 9112, section 6), and what of the bytes
//! that come is body.
//!
//! Pure: bytes in, steps out. The connection is somebody else's.

use super::buffer::Buffer;

/// How the rest of a body is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// So many bytes are missing.
    Length(u64),
    /// It comes in chunks.
    Chunks(Chunk),
    /// Everything until the connection ends.
    ToTheEnd,
}

/// Where within the chunks of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chunk {
    /// Before the line with a chunk's size.
    Size,
    /// Within a chunk, of which so many bytes are missing.
    Data(u64),
    /// Before the line end after a chunk.
    DataEnd,
    /// Before a line of the trailers; so many bytes of them have come.
    Trailers(usize),
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The next so many bytes of the buffer are body.
    Piece(usize),
    /// Nothing can be said before more has come.
    More,
    /// The body has ended.
    End,
}

/// What is wrong with a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadChunk {
    Size,
    End,
    LineTooLong,
    Trailer,
    TrailersTooLong,
}

impl BadChunk {
    pub(super) fn text(self) -> &'static str {
        match self {
            BadChunk::Size => "its size is no hexadecimal number of at most 15 digits",
            BadChunk::End => "it does not end where its size says",
            BadChunk::LineTooLong => "the line with its size is longer than 4 KiB",
            BadChunk::Trailer => "a line after the last one is no trailer",
            BadChunk::TrailersTooLong => "the trailers after the last one are longer than 16 KiB",
        }
    }
}

/// The longest line with the size of a chunk; what its extensions say is for nobody.
const MAX_SIZE_LINE_BYTES: usize = 4 << 10;

/// The most that may follow the last chunk.
const MAX_TRAILERS_BYTES: usize = 16 << 10;

impl Framing {
    /// Looks at what has come. Lines between chunks are used up on the way.
    ///
    /// # Errors
    ///
    /// [`BadChunk`] if a chunk is not written as it must be.
    pub(super) fn step(&mut self, buffer: &mut Buffer) -> Result<Step, BadChunk> {
        let there = buffer.unused().len();
        match self {
            Framing::Length(0) => Ok(Step::End),
            Framing::Length(missing) => {
                let piece = at_most(there, *missing);
                *missing -= piece as u64;
                Ok(piece_or_more(piece))
            }
            Framing::ToTheEnd => Ok(piece_or_more(there)),
            Framing::Chunks(chunk) => chunk.step(buffer),
        }
    }
}

impl Chunk {
    fn step(&mut self, buffer: &mut Buffer) -> Result<Step, BadChunk> {
        loop {
            match self {
                Chunk::Data(0) => *self = Chunk::DataEnd,
                Chunk::Data(missing) => {
                    let piece = at_most(buffer.unused().len(), *missing);
                    *missing -= piece as u64;
                    return Ok(piece_or_more(piece));
                }
                Chunk::Size => {
                    let Some(line) = line(buffer, MAX_SIZE_LINE_BYTES, BadChunk::LineTooLong)?
                    else {
                        return Ok(Step::More);
                    };
                    let (size, used) = (size(line.text.ok_or(BadChunk::Size)?)?, line.used);
                    buffer.take(used);
                    *self = match size {
                        0 => Chunk::Trailers(0),
                        size => Chunk::Data(size),
                    };
                }
                Chunk::DataEnd => {
                    match buffer.unused() {
                        [] | [b'\r'] => return Ok(Step::More),
                        [b'\r', b'\n', ..] => buffer.take(2),
                        _ => return Err(BadChunk::End),
                    };
                    *self = Chunk::Size;
                }
                Chunk::Trailers(come) => {
                    let left = MAX_TRAILERS_BYTES - *come;
                    let Some(line) = line(buffer, left, BadChunk::TrailersTooLong)? else {
                        return Ok(Step::More);
                    };
                    let text = line.text.ok_or(BadChunk::Trailer)?;
                    if !text.is_empty() && !is_trailer(text) {
                        return Err(BadChunk::Trailer);
                    }
                    let (last, used) = (text.is_empty(), line.used);
                    buffer.take(used);
                    if last {
                        *self = Chunk::ended();
                        return Ok(Step::End);
                    }
                    *come += used;
                }
            }
        }
    }

    /// Nobody asks on after the end; asked on, nothing would come.
    fn ended() -> Chunk {
        Chunk::Size
    }
}

struct Line<'a> {
    /// `None` if it ends in a bare LF, or has a bare CR: who else reads the answer might
    /// see another end, and take another part of it for a chunk.
    text: Option<&'a [u8]>,
    /// With its end.
    used: usize,
}

/// The next line, if it is there as a whole.
fn line(buffer: &Buffer, max: usize, too_long: BadChunk) -> Result<Option<Line<'_>>, BadChunk> {
    let there = buffer.unused();
    match there.iter().take(max).position(|byte| *byte == b'\n') {
        Some(end) => {
            let text = &there[..end];
            Ok(Some(Line {
                text: text
                    .strip_suffix(b"\r")
                    .filter(|text| !text.contains(&b'\r')),
                used: end + 1,
            }))
        }
        None if there.len() >= max => Err(too_long),
        None => Ok(None),
    }
}

/// The number that a line begins with. Extensions after a `;` are for nobody.
fn size(line: &[u8]) -> Result<u64, BadChunk> {
    let digits = line.split(|byte| *byte == b';').next().unwrap_or(line);
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let end = digits.iter().rposition(|byte| !blank(byte));
    let digits = &digits[..end.map_or(0, |end| end + 1)];
    // With more digits than these it would be no body of this world.
    if digits.is_empty() || digits.len() > 15 {
        return Err(BadChunk::Size);
    }
    digits.iter().try_fold(0, |size, digit| {
        let digit = char::from(*digit).to_digit(16).ok_or(BadChunk::Size)?;
        Ok(size * 16 + u64::from(digit))
    })
}

/// Whether a line is a field (RFC 9110, section 5.1); what it says is for nobody.
fn is_trailer(line: &[u8]) -> bool {
    let Some(end) = line.iter().position(|byte| *byte == b':') else {
        return false;
    };
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    end > 0 && line[..end].iter().all(is_token)
}

fn at_most(there: usize, missing: u64) -> usize {
    usize::try_from(missing).map_or(there, |missing| there.min(missing))
}

fn piece_or_more(piece: usize) -> Step {
    match piece {
        0 => Step::More,
        piece => Step::Piece(piece),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is body, and whether and how it ended.
    fn read(mut framing: Framing, pieces: &[&[u8]]) -> (String, Result<Step, BadChunk>, String) {
        let mut buffer = Buffer::default();
        let mut body = Vec::new();
        let (first, pieces) = pieces.split_first().expect("there is one");
        buffer.push(first);
        let mut pieces = pieces.iter();
        loop {
            match framing.step(&mut buffer) {
                Ok(Step::Piece(count)) => body.extend_from_slice(buffer.take(count)),
                Ok(Step::More) => match pieces.next() {
                    Some(piece) => buffer.push(piece),
                    None => return done(&body, Ok(Step::More), &buffer),
                },
                ended => return done(&body, ended, &buffer),
            }
        }
    }

    fn done(
        body: &[u8],
        how: Result<Step, BadChunk>,
        left: &Buffer,
    ) -> (String, Result<Step, BadChunk>, String) {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (text(body), how, text(left.unused()))
    }

    #[test]
    #[rustfmt::skip]
    fn where_bodies_end() {
        let chunks = Framing::Chunks(Chunk::Size);
        let long = format!("1;{}\r\n", "x".repeat(5000));
        let trailers = format!("0\r\na: {}\r\n\r\n", "x".repeat(20_000));
        //  framing            what comes                    body     how it ends     left over
        let rows = [
            (Framing::Length(0),  "",                           "",      Ok(Step::End),  ""),
            (Framing::Length(0),  "next",                       "",      Ok(Step::End),  "next"),
            (Framing::Length(3),  "abcnext",                    "abc",   Ok(Step::End),  "next"),
            (Framing::Length(9),  "abc",                        "abc",   Ok(Step::More), ""),
            (Framing::ToTheEnd,   "abc",                        "abc",   Ok(Step::More), ""),
            (chunks, "3\r\nabc\r\n0\r\n\r\n",                   "abc",   Ok(Step::End),  ""),
            (chunks, "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nnext",    "abcde", Ok(Step::End),  "next"),
            (chunks, "3\nabc\r\n0\r\n\r\n",                     "",      Err(BadChunk::Size), "3\nabc\r\n0\r\n\r\n"),
            (chunks, "3\r\nabc\n0\r\n\r\n",                     "abc",   Err(BadChunk::End), "\n0\r\n\r\n"),
            (chunks, "0\r\nno trailer\r\n\r\n",                "",      Err(BadChunk::Trailer), "no trailer\r\n\r\n"),
            (chunks, "0\r\n\n",                                "",      Err(BadChunk::Trailer), "\n"),
            (chunks, "00003 ; a=b;c=\"d\"\r\nabc\r\n0\r\n\r\n", "abc",   Ok(Step::End),  ""),
            (chunks, "A\r\n0123456789\r\n0\r\nX: 1\r\ny: 2\r\n\r\n", "0123456789", Ok(Step::End), ""),
            (chunks, "3\r\nabc\r\n0\r\n",                       "abc",   Ok(Step::More), ""),
            (chunks, "3\r\nab",                                 "ab",    Ok(Step::More), ""),
            (chunks, "zz\r\nab",                                "",      Err(BadChunk::Size), "zz\r\nab"),
            (chunks, "\r\nab",                                  "",      Err(BadChunk::Size), "\r\nab"),
            (chunks, "-1\r\n",                                  "",      Err(BadChunk::Size), "-1\r\n"),
            (chunks, "0x3\r\n",                                 "",      Err(BadChunk::Size), "0x3\r\n"),
            (chunks, "1111111111111111\r\n",                    "",      Err(BadChunk::Size), "1111111111111111\r\n"),
            (chunks, "3\r\nabcd\r\n",                           "abc",   Err(BadChunk::End),  "d\r\n"),
            (chunks, &long[..],                                     "",      Err(BadChunk::LineTooLong), &long[..]),
            (chunks, &trailers[..],                                 "",      Err(BadChunk::TrailersTooLong), &trailers[3..]),
        ];
        for (framing, text, body, how, left) in rows {
            let bytes = text.as_bytes();
            let shown = &text[..text.len().min(60)];
            let all = (body.to_owned(), how, left.to_owned());
            assert_eq!(read(framing, &[bytes]), all, "at once: {shown:?}");
            // However it is cut, it is the same body, and the same mistake.
            let single: Vec<_> = std::iter::once(&[][..]).chain(bytes.chunks(1)).collect();
            let (found, found_how, _) = read(framing, &single);
            assert_eq!((found.as_str(), found_how), (body, how), "byte by byte: {shown:?}");
        }
    }
}
