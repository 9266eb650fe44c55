//! What is sent after the head of a request.

use std::{borrow::Cow, sync::Arc};

/// A body: bytes of one's own, and then what it shares with others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Unless the request's headers say otherwise; without either, none is sent.
    pub content_type: Option<Cow<'static, str>>,
    /// What it begins with. Most bodies are nothing else.
    pub bytes: Vec<u8>,
    /// What follows, piece by piece.
    pub rest: Vec<Piece>,
}

/// A piece of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Made for this request alone.
    Own(Vec<u8>),
    /// A file, of which there is one copy however many send it.
    Shared(Arc<[u8]>),
}

impl Body {
    /// A body in one piece.
    pub fn new(content_type: Option<&'static str>, bytes: impl Into<Vec<u8>>) -> Body {
        Body {
            content_type: content_type.map(Cow::Borrowed),
            bytes: bytes.into(),
            rest: Vec::new(),
        }
    }

    /// A file as it is.
    pub fn of_file(content_type: &'static str, content: Arc<[u8]>) -> Body {
        Body {
            rest: vec![Piece::Shared(content)],
            ..Body::new(Some(content_type), Vec::new())
        }
    }

    /// Its pieces, in the order in which they are sent.
    pub fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        std::iter::once(&*self.bytes).chain(self.rest.iter().map(Piece::bytes))
    }

    /// The pieces that are made for this request alone.
    pub fn own_pieces(&self) -> impl Iterator<Item = &[u8]> {
        let rest = self.rest.iter().filter_map(|piece| match piece {
            Piece::Own(bytes) => Some(&**bytes),
            Piece::Shared(_) => None,
        });
        std::iter::once(&*self.bytes).chain(rest)
    }

    /// How large it is, in bytes.
    pub fn size_bytes(&self) -> usize {
        self.pieces().map(<[u8]>::len).sum()
    }

    /// All of it in one piece.
    pub fn to_vec(&self) -> Vec<u8> {
        self.pieces().collect::<Vec<_>>().concat()
    }
}

impl Piece {
    /// What is in it.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Piece::Own(bytes) => bytes,
            Piece::Shared(bytes) => bytes,
        }
    }
}
