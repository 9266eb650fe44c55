//! A target that can leave and come back, and counts what arrives.
//!
//! Its count is exact: a request is counted and answered under one lock, and what
//! has not been counted when the target leaves is never answered.

use std::{
    io::{BufRead, BufReader, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
};

/// What it does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// `/chain` redirects to `/`, everything else is `200 OK`.
    Answers,
    /// It takes requests and never says a word.
    Hangs,
    /// The first request of a chain is answered, and no other.
    HangsBehindChains,
}

/// A server on a free port of 127.0.0.1.
pub struct Target {
    address: SocketAddr,
    manner: Manner,
    state: Arc<Mutex<State>>,
    listening: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    is_there: bool,
    arrived: u64,
    connections: Vec<TcpStream>,
}

impl Target {
    pub fn start(manner: Manner) -> Target {
        Target::start_at("127.0.0.1:0".parse().unwrap(), manner)
    }

    pub fn start_at(address: SocketAddr, manner: Manner) -> Target {
        let mut target = Target {
            address,
            manner,
            state: Arc::default(),
            listening: None,
        };
        target.come();
        target
    }

    /// Listens, again at the same place if it did before.
    pub fn come(&mut self) {
        let listener = TcpListener::bind(self.address).unwrap();
        self.address = listener.local_addr().unwrap();
        self.state.lock().unwrap().is_there = true;
        let (state, manner) = (self.state.clone(), self.manner);
        self.listening = Some(thread::spawn(move || listen(&listener, &state, manner)));
    }

    /// Closes its port and every connection.
    pub fn leave(&mut self) {
        let mut state = self.state.lock().unwrap();
        state.is_there = false;
        for connection in state.connections.drain(..) {
            // Those that have ended already cannot be shut down.
            let _ = connection.shutdown(Shutdown::Both);
        }
        drop(state);
        // Wakes the listener, which then sees that it is to go.
        drop(TcpStream::connect(self.address));
        self.listening.take().unwrap().join().unwrap();
    }

    /// Whole requests that have arrived.
    pub fn arrived(&self) -> u64 {
        self.state.lock().unwrap().arrived
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

fn listen(listener: &TcpListener, state: &Arc<Mutex<State>>, manner: Manner) {
    loop {
        let (stream, _) = listener.accept().unwrap();
        stream.set_nodelay(true).unwrap();
        let mut known = state.lock().unwrap();
        if !known.is_there {
            return;
        }
        known.connections.push(stream.try_clone().unwrap());
        drop(known);
        let state = state.clone();
        thread::spawn(move || serve(stream, &state, manner));
    }
}

/// Until the connection ends, from which side ever.
fn serve(mut stream: TcpStream, state: &Mutex<State>, manner: Manner) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    loop {
        let path = receive(&mut reader)?;
        let mut state = state.lock().unwrap();
        if !state.is_there {
            return None;
        }
        state.arrived += 1;
        let answer: &[u8] = match (manner, path.as_str()) {
            (Manner::Answers | Manner::HangsBehindChains, "/chain") => {
                b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"
            }
            (Manner::Hangs | Manner::HangsBehindChains, _) => b"",
            (Manner::Answers, _) => b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        };
        stream.write_all(answer).ok()?;
    }
}

/// The path of the next request, once all of it is there.
fn receive(reader: &mut impl BufRead) -> Option<String> {
    let (mut path, mut body_bytes) = (None, 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if !line.ends_with("\r\n") {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(length) = line.strip_prefix("content-length:") {
            body_bytes = length.trim().parse().unwrap();
        }
        path = path.or_else(|| line.split(' ').nth(1).map(str::to_owned));
    }
    reader.read_exact(&mut vec![0; body_bytes]).ok()?;
    path
}

impl Drop for Target {
    fn drop(&mut self) {
        if self.listening.is_some() {
            self.leave();
        }
    }
}
