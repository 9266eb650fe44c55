//! Answers as servers send them, and the same ones damaged.

use rand::{RngExt as _, SeedableRng as _, seq::IndexedRandom as _};
use rand_pcg::Pcg64Mcg;

/// What real servers send, with all that there is to understand wrongly.
const WHOLE: [&str; 18] = [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\ncontent-length:5\r\nconnection: close\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\n\r\nto the end of it",
    "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>old</p>",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA;x=\"y\"\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n",
    "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\nETag: \"x\"\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 302 Found\r\nLocation: /there\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 404 \r\nContent-Length: 4\r\n\r\nnone",
    "HTTP/1.1 500 Oops\r\nX-Folded: one\r\n two\r\nContent-Length: 3\r\n\r\nbad",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\nContent-Length: 4\n\nbare",
    "HTTP/1.1 999 Odd\r\nX-Latin: \u{141}\r\nContent-Length: 1\r\n\r\nx",
];

/// What is put in at a place where it does not belong.
const PIECES: [&str; 16] = [
    "\r\n",
    "\r",
    "\n",
    "\r\n\r\n",
    " ",
    ":",
    "0",
    "\0",
    "f",
    "-1",
    ";",
    ",",
    "HTTP/1.1 ",
    "Content-Length: 7\r\n",
    "Transfer-Encoding: chunked\r\n",
    "\u{e9}",
];

/// An endless row of answers: each of the whole ones, then damaged ones.
pub struct Answers {
    random: Pcg64Mcg,
    made: usize,
}

impl Answers {
    pub fn from_seed(seed: u64) -> Answers {
        Answers {
            random: Pcg64Mcg::seed_from_u64(seed),
            made: 0,
        }
    }

    fn damage(&mut self, answer: &mut Vec<u8>) {
        let random = &mut self.random;
        let at = random.random_range(0..=answer.len());
        match random.random_range(0..5) {
            0 => answer.truncate(at),
            1 => {
                let end = (at + random.random_range(1..4)).min(answer.len());
                answer.drain(at.min(end)..end);
            }
            2 if at < answer.len() => answer[at] = random.random_range(0..=255),
            3 => {
                let end = (at + 8).min(answer.len());
                let twice = answer[at..end].to_vec();
                answer.splice(at..at, twice);
            }
            _ => {
                let piece = PIECES.choose(random).unwrap();
                answer.splice(at..at, piece.bytes());
            }
        }
    }
}

impl Iterator for Answers {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut answer = WHOLE[self.made % WHOLE.len()].as_bytes().to_vec();
        if self.made >= WHOLE.len() {
            for _ in 0..self.random.random_range(1..3) {
                self.damage(&mut answer);
            }
        }
        self.made += 1;
        Some(answer)
    }
}
