//! A server that misbehaves on demand, and keeps count of what it saw.
//!
//! A raw listener and scripted bytes: no library between, because a library
//! would mend what we break. What is done is chosen by path, by connection, or
//! by a function; a path without a script answers 404. It knows nothing of the
//! client, so whoever asks must pass the same tests.
//!
//! ```text
//! accept ──▶ greeting ──▶ receive (head ──▶ early script ──▶ body) ──▶ script ──▶ receive …
//! ```
//!
//! # What holds here
//!
//! - A request counts as arrived when its last byte was read, before anything is
//!   done about it: what was not counted was not carried out.
//! - Whoever uses it sees the counts of everything that its own answer followed.

// Every test program compiles all of this and uses its own part.
#![allow(dead_code)]
#![allow(clippy::unwrap_used, reason = "a server that cannot go on says where")]

mod receive;
mod script;
mod serve;

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
};

use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;

#[allow(unused_imports, reason = "each test program uses its part")]
pub use script::{Act, Script, bytewise, chunks, ok, redirect, reply, send, send_bytes, wait_ms};

/// A request that arrived whole.
#[derive(Clone, Debug)]
pub struct Seen {
    /// On which connection, counted from 1.
    pub connection: u32,
    /// Its place on that connection, counted from 1.
    pub place: u32,
    pub method: String,
    /// As it stood in the request line.
    pub target: String,
    /// Request line and header lines, as they came.
    pub head: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Without the framing of chunks.
    pub body: String,
}

impl Seen {
    /// The value of a header; several of a name are joined by `|`.
    pub fn header(&self, name: &str) -> Option<String> {
        let values: Vec<_> = self
            .headers
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .collect();
        (!values.is_empty()).then(|| values.join("|"))
    }

    /// `POST /path body`, for tests that compare whole courses of events.
    pub fn line(&self) -> String {
        format!("{} {} {}", self.method, self.target, self.body)
            .trim_end()
            .to_owned()
    }

    fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// What a server saw and did, all connections together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Connections that were accepted.
    pub connections: u64,
    /// Requests of which at least a byte came.
    pub begun: u64,
    /// Requests that came whole, while the server still meant to answer them.
    pub arrived: u64,
    /// Requests that came whole after the server had ended its side: see [`Act::CloseHalf`].
    pub late: u64,
    /// Requests whose answer was written whole: see [`Act::Answered`].
    pub answered: u64,
    /// Bytes of answers, heads and framing included.
    pub sent_bytes: u64,
}

/// The server. It ends when it is dropped.
pub struct Faults {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    listening: JoinHandle<()>,
}

/// Chooses what is done about a request.
type Chooser = Box<dyn FnMut(&Seen) -> Script + Send>;

#[derive(Default)]
struct State {
    /// Per path, what is done at the first, second, … request; the last one stays.
    paths: HashMap<String, Vec<Script>>,
    /// Per path, what is done as soon as a head has come.
    early: HashMap<String, Script>,
    /// Instead of scripts per path.
    chooser: Option<Chooser>,
    /// How many requests of each path there have been.
    turns: HashMap<String, usize>,
    /// Per connection, what is done before anything is read.
    greetings: Vec<Script>,
    /// The first [`MAX_KEPT`] requests.
    seen: Vec<Seen>,
    /// Requests that came too late, the first [`MAX_KEPT`] of them.
    late: Vec<Seen>,
    counts: Counts,
    open: u32,
}

/// The most requests that are kept to look at. All are counted.
const MAX_KEPT: usize = 100_000;

impl Faults {
    /// Listens on a free port of 127.0.0.1.
    pub async fn start() -> Faults {
        Faults::start_on("127.0.0.1:0").await
    }

    /// Listens on an address, for instance `[::1]:0`.
    pub async fn start_on(address: &str) -> Faults {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let listening = tokio::spawn(serve::listen(listener, Arc::clone(&state)));
        Faults {
            address,
            state,
            listening,
        }
    }

    /// Every request of `path` gets this.
    pub fn on(&self, path: &str, script: Script) {
        self.on_turns(path, vec![script]);
    }

    /// The first request of `path` gets the first script, and so on; the last one stays.
    pub fn on_turns(&self, path: &str, scripts: Vec<Script>) {
        self.state().paths.insert(path.to_owned(), scripts);
    }

    /// Every request of `path` gets this as soon as its head has come; its body
    /// is read then, and gets nothing more.
    pub fn on_head(&self, path: &str, script: Script) {
        self.state().early.insert(path.to_owned(), script);
    }

    /// Every request gets what a function says.
    pub fn on_every(&self, choose: impl FnMut(&Seen) -> Script + Send + 'static) {
        self.state().chooser = Some(Box::new(choose));
    }

    /// The first connection is greeted with the first script, before anything
    /// is read, and so on; further ones are not greeted.
    pub fn on_connections(&self, scripts: Vec<Script>) {
        self.state().greetings = scripts;
    }

    pub fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).unwrap()
    }

    /// The same server under another host name.
    pub fn url_as(&self, host: &str, path: &str) -> Url {
        Url::parse(&format!("http://{host}:{}{path}", self.address.port())).unwrap()
    }

    /// Host and port, as failures name it.
    pub fn place(&self) -> String {
        self.address.to_string()
    }

    /// Every request that arrived whole, in order.
    pub fn seen(&self) -> Vec<Seen> {
        self.state().seen.clone()
    }

    /// Every request that came whole when the server had already ended its side.
    pub fn late(&self) -> Vec<Seen> {
        self.state().late.clone()
    }

    /// [`Seen::line`] of each that arrived.
    pub fn lines(&self) -> Vec<String> {
        self.state().seen.iter().map(Seen::line).collect()
    }

    /// What it saw and did until now.
    pub fn counts(&self) -> Counts {
        self.state().counts
    }

    /// How many connections there have been.
    pub fn connections(&self) -> u64 {
        self.state().counts.connections
    }

    /// How many of them are open.
    pub fn open(&self) -> u32 {
        self.state().open
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Drop for Faults {
    fn drop(&mut self) {
        self.listening.abort();
    }
}
