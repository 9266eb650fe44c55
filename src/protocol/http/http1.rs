//! One exchange over one connection that speaks HTTP/1.1.

use std::{cell::Cell, future::poll_fn, io, pin::Pin, task::Poll, time::Duration};

use tokio::io::AsyncWrite as _;

use super::{
    buffer::Buffer,
    connection::Came,
    framing::{BadChunk, Framing, Step},
    head::{self, BadHead, Found, Head, Kept},
    redirect::Hop,
    stream::Stream,
};
use crate::{base::clock::Clock, exchange::Body};

/// A connection, and how far it is in what it carries.
#[derive(Debug)]
pub(super) struct Connection {
    stream: Stream,
    /// What has come and is not used yet: nothing between two exchanges.
    buffer: Buffer,
    /// What is left of the body of an answer; `None` if nothing is.
    framing: Option<Framing>,
    kept: Kept,
}

/// What became of an exchange that has no answer, or not all of one.
#[derive(Debug)]
pub(super) enum Broken {
    /// The other side ended the connection in order.
    Ended,
    Io(io::Error),
    Head(BadHead),
    Chunk(BadChunk),
}

/// An exchange that ended before the head of an answer had come.
#[derive(Debug)]
pub(super) struct Unanswered {
    pub(super) why: Broken,
    /// Whether anything of an answer had come.
    pub(super) heard: Heard,
}

/// Whether the other side had said anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    Nothing,
    Something,
}

/// Pieces of a body up to this size are written together with the head, in bytes.
const MAX_JOINED_BYTES: usize = 16 << 10;

impl Connection {
    /// One over which nothing has been asked.
    pub(super) fn over(stream: Stream) -> Connection {
        Connection {
            stream,
            buffer: Buffer::default(),
            framing: None,
            kept: Kept::Open,
        }
    }

    /// Whether the server has neither ended it nor said anything unasked, as far as is
    /// known here.
    pub(super) fn is_quiet(&mut self) -> bool {
        self.stream.is_quiet()
    }

    /// Sends a request, whose head is written by `head`, and reads the head of its
    /// answer. `first_byte` says meanwhile when that has begun.
    ///
    /// # Errors
    ///
    /// What broke, and whether the server had begun to answer.
    pub(super) async fn ask(
        &mut self,
        hop: &Hop<'_>,
        head: impl FnOnce(&mut Buffer),
        clock: &Clock,
        first_byte: &Cell<Option<Duration>>,
    ) -> Result<Came, Unanswered> {
        let Connection { stream, buffer, .. } = self;
        let written = {
            let mut out = Buffer::default();
            head(&mut out);
            let mut pieces = hop.body.into_iter().flat_map(Body::pieces).peekable();
            while let Some(piece) = pieces.next_if(|piece| piece.len() <= MAX_JOINED_BYTES) {
                out.push(piece);
            }
            send(stream, out.unused(), pieces, buffer, hop).await
        };
        let written_at = clock.elapsed();
        match read_head(stream, buffer, hop, clock, first_byte).await {
            Ok((head, first_byte)) => {
                self.framing = head.framing;
                let waited = match written {
                    Written::Whole => {
                        self.kept = head.kept;
                        first_byte.saturating_sub(written_at)
                    }
                    // It had begun before.
                    Written::Part(_) => {
                        self.kept = Kept::Closed;
                        Duration::ZERO
                    }
                };
                Ok(Came {
                    head,
                    first_byte,
                    waited,
                })
            }
            // What kept the request from being written says more than the end that
            // was read after it.
            Err(Unanswered {
                why: Broken::Ended,
                heard,
            }) => Err(Unanswered {
                why: match written {
                    Written::Part(Some(why)) => Broken::Io(why),
                    Written::Whole | Written::Part(None) => Broken::Ended,
                },
                heard,
            }),
            Err(unanswered) => Err(unanswered),
        }
    }

    /// The next piece of the body, `None` after the last.
    ///
    /// # Errors
    ///
    /// What broke inside the body.
    pub(super) async fn piece(&mut self) -> Result<Option<&[u8]>, Broken> {
        let count = loop {
            let Some(framing) = &mut self.framing else {
                return Ok(None);
            };
            match framing.step(&mut self.buffer).map_err(Broken::Chunk)? {
                Step::Piece(count) => break count,
                Step::End => {
                    self.framing = None;
                    return Ok(None);
                }
                Step::More => match self.buffer.fill(&mut self.stream).await {
                    Ok(0) if *framing == Framing::ToTheEnd => {
                        self.framing = None;
                        return Ok(None);
                    }
                    Ok(0) => return Err(Broken::Ended),
                    Ok(_) => {}
                    Err(why) => return Err(Broken::Io(why)),
                },
            }
        };
        Ok(Some(self.buffer.take(count)))
    }

    /// Whether it can carry another request, once the body has been read.
    ///
    /// A server that said more than its answer is not asked again: what it said
    /// would be taken for the next one.
    pub(super) fn is_free(&mut self) -> bool {
        let read = self.framing.is_none() && self.buffer.unused().is_empty();
        if read {
            self.buffer.give_back();
        }
        read && self.kept == Kept::Open
    }
}

/// How much of a request was written.
enum Written {
    Whole,
    /// The server answered before it had read all, or would not read on.
    Part(Option<io::Error>),
}

/// Writes a request. A server that answers before it has read all of it is heard:
/// what it says is in `buffer` then.
async fn send<'b>(
    stream: &mut Stream,
    mut part: &'b [u8],
    mut more: impl Iterator<Item = &'b [u8]>,
    buffer: &mut Buffer,
    hop: &Hop<'_>,
) -> Written {
    poll_fn(|context| {
        loop {
            if part.is_empty()
                && let Some(next) = more.find(|piece| !piece.is_empty())
            {
                part = next;
            }
            let wrote = if part.is_empty() {
                match Pin::new(&mut *stream).poll_flush(context) {
                    Poll::Ready(Ok(())) => return Poll::Ready(Written::Whole),
                    Poll::Ready(Err(why)) => Poll::Ready(Err(why)),
                    Poll::Pending => Poll::Pending,
                }
            } else {
                Pin::new(&mut *stream).poll_write(context, part)
            };
            match wrote {
                Poll::Ready(Ok(0)) => {
                    return Poll::Ready(Written::Part(Some(io::ErrorKind::WriteZero.into())));
                }
                Poll::Ready(Ok(count)) => {
                    part = &part[count..];
                    continue;
                }
                Poll::Ready(Err(why)) => return Poll::Ready(Written::Part(Some(why))),
                Poll::Pending => {}
            }
            match buffer.poll_fill(stream, context) {
                Poll::Ready(Ok(0)) => return Poll::Ready(Written::Part(None)),
                Poll::Ready(Ok(_)) if has_answer(buffer, hop) => {
                    return Poll::Ready(Written::Part(None));
                }
                Poll::Ready(Ok(_)) => {}
                Poll::Ready(Err(why)) => return Poll::Ready(Written::Part(Some(why))),
                Poll::Pending => return Poll::Pending,
            }
        }
    })
    .await
}

/// Whether what came while a request was being written ends the matter: an answer, or
/// more words than any answer may have before it.
fn has_answer(buffer: &Buffer, hop: &Hop<'_>) -> bool {
    let mut bytes = buffer.unused();
    if bytes.len() > head::MAX_HEAD_BYTES {
        return true;
    }
    loop {
        match head::find(bytes, 0, hop.method) {
            Ok(Found::Part) => return false,
            Ok(Found::Interim(size)) => bytes = &bytes[size..],
            Ok(Found::Answer(..)) | Err(_) => return true,
        }
        if bytes.is_empty() {
            return false;
        }
    }
}

/// Reads until the head of the answer has come. What is said before it is no answer.
async fn read_head(
    stream: &mut Stream,
    buffer: &mut Buffer,
    hop: &Hop<'_>,
    clock: &Clock,
    first_byte: &Cell<Option<Duration>>,
) -> Result<(Head, Duration), Unanswered> {
    let mut searched = 0;
    let mut interim = 0;
    let something = |why| Unanswered {
        why,
        heard: Heard::Something,
    };
    loop {
        let there = buffer.unused();
        if !there.is_empty() {
            let begun = first_byte.get().unwrap_or_else(|| clock.elapsed());
            first_byte.set(Some(begun));
            match head::find(there, searched, hop.method)
                .map_err(|bad| something(Broken::Head(bad)))?
            {
                Found::Part => searched = there.len(),
                Found::Interim(size) => {
                    interim += size;
                    buffer.take(size);
                    first_byte.set(None);
                    searched = 0;
                }
                Found::Answer(head, size) => {
                    buffer.take(size);
                    return Ok((head, begun));
                }
            }
            if interim + searched > head::MAX_HEAD_BYTES {
                return Err(something(Broken::Head(BadHead::TooLarge)));
            }
            if searched == 0 {
                continue;
            }
        }
        let why = match buffer.fill(stream).await {
            Ok(0) => Broken::Ended,
            Ok(_) => continue,
            Err(why) => Broken::Io(why),
        };
        let heard = match searched + interim {
            0 => Heard::Nothing,
            _ => Heard::Something,
        };
        return Err(Unanswered { why, heard });
    }
}
