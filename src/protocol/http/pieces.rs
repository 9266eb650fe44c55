//! The body of a request as HTTP/2 takes it: piece by piece, files without a copy.

use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use hyper::body::{Body, Bytes, Frame, SizeHint};

use crate::exchange::{self, Piece};

/// What is still to be sent of a body.
#[derive(Debug, Default)]
pub(super) struct Pieces(VecDeque<Bytes>);

impl Pieces {
    pub(super) fn of(body: Option<&exchange::Body>) -> Pieces {
        let Some(body) = body else {
            return Pieces::default();
        };
        let first = Bytes::copy_from_slice(&body.bytes);
        let rest = body.rest.iter().map(|piece| match piece {
            Piece::Own(bytes) => Bytes::copy_from_slice(bytes),
            Piece::Shared(bytes) => Bytes::from_owner(Arc::clone(bytes)),
        });
        let pieces = std::iter::once(first).chain(rest);
        Pieces(pieces.filter(|piece| !piece.is_empty()).collect())
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.iter().map(|piece| piece.len() as u64).sum())
    }
}
