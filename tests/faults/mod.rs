//! A server that misbehaves on demand, and keeps count of what it saw.
//!
//! A raw listener and scripted bytes: no library between, because a library
//! would mend what we break. What is done is chosen by path or by connection;
//! a path without a script answers 404. It knows nothing of the client, so
//! whoever asks must pass the same tests.

#![allow(clippy::unwrap_used, reason = "a server that cannot go on says where")]

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use url::Url;

/// One thing that the server does.
#[derive(Clone, Debug)]
pub enum Act {
    /// Writes these bytes.
    Send(Vec<u8>),
    /// Does nothing for a while.
    Wait(Duration),
    /// Ends the connection in order.
    Close,
    /// Ends the connection with a reset.
    Reset,
    /// Says nothing more, and waits until the client leaves.
    Hang,
}

/// What is done in turn. A connection that was not ended reads another request.
pub type Script = Vec<Act>;

/// A request that arrived whole.
#[derive(Clone, Debug)]
pub struct Seen {
    /// On which connection, counted from 1.
    pub connection: u32,
    pub method: String,
    /// As it stood in the request line.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
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
}

/// The server. It ends when it is dropped.
pub struct Faults {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    listening: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    /// Per path, what is done at the first, second, … request; the last one stays.
    paths: HashMap<String, Vec<Script>>,
    /// Per connection, what is done before anything is read.
    greetings: Vec<Script>,
    seen: Vec<Seen>,
    connections: u32,
    open: u32,
}

impl Faults {
    /// Listens on a free port of 127.0.0.1.
    pub async fn start() -> Faults {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let listening = tokio::spawn(listen(listener, Arc::clone(&state)));
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

    /// [`Seen::line`] of each.
    pub fn lines(&self) -> Vec<String> {
        self.state().seen.iter().map(Seen::line).collect()
    }

    /// How many connections there have been.
    pub fn connections(&self) -> u32 {
        self.state().connections
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

/// An answer with a length: status and reason, header lines, body.
pub fn reply(status: &str, headers: &[&str], body: &str) -> Script {
    let mut text = format!("HTTP/1.1 {status}\r\n");
    for header in headers {
        text.push_str(header);
        text.push_str("\r\n");
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    vec![send(&text)]
}

/// `200 OK` with a body.
pub fn ok(body: &str) -> Script {
    reply("200 OK", &[], body)
}

/// A redirect of a status.
pub fn redirect(status: u16, location: &str) -> Script {
    reply(
        &format!("{status} Elsewhere"),
        &[&format!("Location: {location}")],
        "moved",
    )
}

/// These very bytes.
pub fn send(text: &str) -> Act {
    Act::Send(text.as_bytes().to_vec())
}

/// A pause.
pub fn wait_ms(ms: u64) -> Act {
    Act::Wait(Duration::from_millis(ms))
}

async fn listen(listener: TcpListener, state: Arc<Mutex<State>>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let (number, greeting) = {
            let mut state = state.lock().unwrap();
            state.connections += 1;
            state.open += 1;
            let place = state.connections as usize - 1;
            let greeting = state.greetings.get(place).cloned();
            (state.connections, greeting.unwrap_or_default())
        };
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            serve(stream, number, greeting, &state).await;
            state.lock().unwrap().open -= 1;
        });
    }
}

/// Until either side ends the connection.
async fn serve(
    mut stream: TcpStream,
    connection: u32,
    greeting: Script,
    state: &Mutex<State>,
) -> Option<()> {
    perform(&mut stream, greeting).await?;
    let mut unread = Vec::new();
    loop {
        let seen = receive(&mut stream, &mut unread, connection).await?;
        let script = {
            let mut state = state.lock().unwrap();
            let path = seen.target.split('?').next().unwrap_or_default().to_owned();
            let of_the_path = |seen: &&Seen| seen.target.split('?').next() == Some(path.as_str());
            let turn = state.seen.iter().filter(of_the_path).count();
            state.seen.push(seen);
            match state.paths.get(&path) {
                Some(scripts) => scripts[turn.min(scripts.len() - 1)].clone(),
                None => reply("404 Not Found", &[], ""),
            }
        };
        perform(&mut stream, script).await?;
    }
}

/// `None` when the connection has ended.
async fn perform(stream: &mut TcpStream, script: Script) -> Option<()> {
    for act in script {
        match act {
            Act::Send(bytes) => stream.write_all(&bytes).await.ok()?,
            Act::Wait(time) => tokio::time::sleep(time).await,
            Act::Close => return None,
            Act::Reset => {
                stream.set_zero_linger().unwrap();
                return None;
            }
            Act::Hang => {
                let mut rest = [0; 1024];
                while stream.read(&mut rest).await.ok()? > 0 {}
                return None;
            }
        }
    }
    Some(())
}

async fn receive(stream: &mut TcpStream, unread: &mut Vec<u8>, connection: u32) -> Option<Seen> {
    let head_end = loop {
        if let Some(end) = unread.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        more(stream, unread).await?;
    };
    let head = String::from_utf8_lossy(&unread[..head_end]).into_owned();
    let mut lines = head.split("\r\n");
    let mut words = lines.next()?.split(' ').map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length: usize = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map_or(0, |(_, value)| value.parse().unwrap());

    let body_end = head_end + 4 + length;
    while unread.len() < body_end {
        more(stream, unread).await?;
    }
    let body = String::from_utf8_lossy(&unread[head_end + 4..body_end]).into_owned();
    unread.drain(..body_end);
    Some(Seen {
        connection,
        method,
        target,
        headers,
        body,
    })
}

async fn more(stream: &mut TcpStream, unread: &mut Vec<u8>) -> Option<()> {
    match stream.read_buf(unread).await {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(()),
    }
}
