//! Requests as they come: begun, their heads, and whole.

use tokio::{io::AsyncReadExt as _, net::TcpStream};

use super::Seen;

/// What has come of a request.
pub(super) enum Received {
    /// Its first byte.
    Begun,
    /// Its head, which may expect a word before the body is sent.
    Head { path: String, expects: bool },
    /// All of it.
    Whole(Seen),
}

/// One connection's side of it.
pub(super) struct Incoming {
    unread: Vec<u8>,
    connection: u32,
    /// How many requests have come whole.
    whole: u32,
    state: Awaited,
}

enum Awaited {
    FirstByte,
    Head,
    Body(Box<Head>),
}

struct Head {
    seen: Seen,
    framing: Framing,
}

enum Framing {
    Length(usize),
    Chunks,
}

impl Incoming {
    pub(super) fn on(connection: u32) -> Incoming {
        Incoming {
            unread: Vec::new(),
            connection,
            whole: 0,
            state: Awaited::FirstByte,
        }
    }

    /// Reads until there is something to say; `None` when the client has left,
    /// or sends what is no request.
    pub(super) async fn next(&mut self, stream: &mut TcpStream) -> Option<Received> {
        match std::mem::replace(&mut self.state, Awaited::FirstByte) {
            Awaited::FirstByte => {
                if self.unread.is_empty() {
                    self.more(stream).await?;
                }
                self.state = Awaited::Head;
                Some(Received::Begun)
            }
            Awaited::Head => {
                let head = self.head(stream).await?;
                let received = Received::Head {
                    path: head.seen.path().to_owned(),
                    expects: head.seen.header("expect").is_some(),
                };
                self.state = Awaited::Body(Box::new(head));
                Some(received)
            }
            Awaited::Body(head) => {
                let body = match head.framing {
                    Framing::Length(bytes) => self.exactly(stream, bytes).await?,
                    Framing::Chunks => self.chunks(stream).await?,
                };
                self.whole += 1;
                Some(Received::Whole(Seen {
                    body: String::from_utf8_lossy(&body).into_owned(),
                    ..head.seen
                }))
            }
        }
    }

    async fn head(&mut self, stream: &mut TcpStream) -> Option<Head> {
        let text = self.until(stream, b"\r\n\r\n").await?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let mut lines = text.split("\r\n");
        let mut words = lines.next()?.split(' ').map(str::to_owned);
        let (method, target) = (words.next()?, words.next()?);
        let headers: Vec<_> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let seen = Seen {
            connection: self.connection,
            place: self.whole + 1,
            method,
            target,
            head: text,
            headers,
            body: String::new(),
        };
        let framing = match (
            seen.header("transfer-encoding"),
            seen.header("content-length"),
        ) {
            (None, None) => Framing::Length(0),
            (None, Some(length)) => Framing::Length(length.parse().unwrap()),
            (Some(coding), None) if coding == "chunked" => Framing::Chunks,
            (coding, length) => panic!("no body can be {coding:?} and {length:?}"),
        };
        Some(Head { seen, framing })
    }

    async fn chunks(&mut self, stream: &mut TcpStream) -> Option<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.until(stream, b"\r\n").await?;
            let line = String::from_utf8(line).unwrap();
            let size = line.split(';').next().unwrap_or_default();
            let size = usize::from_str_radix(size, 16).unwrap();
            if size == 0 {
                // Trailers, up to an empty line.
                while !self.until(stream, b"\r\n").await?.is_empty() {}
                return Some(body);
            }
            body.extend(self.exactly(stream, size).await?);
            assert_eq!(self.exactly(stream, 2).await?, b"\r\n");
        }
    }

    /// What comes before an end, which is used up with it.
    async fn until(&mut self, stream: &mut TcpStream, end: &[u8]) -> Option<Vec<u8>> {
        loop {
            let found = self
                .unread
                .windows(end.len())
                .position(|these| these == end);
            if let Some(place) = found {
                let before = self.unread[..place].to_vec();
                self.unread.drain(..place + end.len());
                return Some(before);
            }
            self.more(stream).await?;
        }
    }

    async fn exactly(&mut self, stream: &mut TcpStream, bytes: usize) -> Option<Vec<u8>> {
        while self.unread.len() < bytes {
            self.more(stream).await?;
        }
        Some(self.unread.drain(..bytes).collect())
    }

    async fn more(&mut self, stream: &mut TcpStream) -> Option<()> {
        match stream.read_buf(&mut self.unread).await {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(()),
        }
    }
}
