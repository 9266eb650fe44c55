//! Connections: accepted, greeted, read from and written to.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::yield_now,
};

use super::{
    MAX_KEPT, Seen, State,
    receive::{Incoming, Received},
    script::{Act, Script, reply},
};

/// Accepts connections until it is dropped.
pub(super) async fn listen(listener: TcpListener, state: Arc<Mutex<State>>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        // So that bytes sent one by one arrive one by one.
        stream.set_nodelay(true).unwrap();
        let (number, greeting) = {
            let mut state = state.lock().unwrap();
            let place = usize::try_from(state.counts.connections).unwrap();
            state.counts.connections += 1;
            state.open += 1;
            let greeting = state.greetings.get(place).cloned();
            (state.counts.connections, greeting.unwrap_or_default())
        };
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let mut connection = Connection {
                stream,
                incoming: Incoming::on(u32::try_from(number).unwrap()),
                state: &state,
            };
            connection.serve(greeting).await;
            drop(connection);
            state.lock().unwrap().open -= 1;
        });
    }
}

struct Connection<'a> {
    stream: TcpStream,
    incoming: Incoming,
    state: &'a Mutex<State>,
}

impl Connection<'_> {
    /// Until either side ends the connection.
    async fn serve(&mut self, greeting: Script) -> Option<()> {
        self.perform(greeting).await?;
        loop {
            let (seen, early) = self.request().await?;
            let script = {
                let mut state = self.state.lock().unwrap();
                let script = (!early).then(|| state.script(&seen));
                state.arrived(seen);
                script
            };
            self.perform(script.unwrap_or_default()).await?;
        }
    }

    /// The next request, and whether it was answered before its body had come.
    async fn request(&mut self) -> Option<(Seen, bool)> {
        let mut early = false;
        loop {
            match self.incoming.next(&mut self.stream).await? {
                Received::Begun => self.state.lock().unwrap().counts.begun += 1,
                Received::Head { path, expects } => {
                    let script = self.state.lock().unwrap().early.get(&path).cloned();
                    early = script.is_some();
                    match script {
                        Some(script) => self.perform(script).await?,
                        None if expects => self.write(b"HTTP/1.1 100 Continue\r\n\r\n").await?,
                        None => {}
                    }
                }
                Received::Whole(seen) => return Some((seen, early)),
            }
        }
    }

    /// `None` when the connection has ended.
    async fn perform(&mut self, script: Script) -> Option<()> {
        for act in script {
            match act {
                Act::Send(bytes) => self.write(&bytes).await?,
                Act::SendMany(bytes, times) => {
                    for _ in 0..times {
                        self.write(&bytes).await?;
                    }
                }
                Act::Wait(time) if time.is_zero() => yield_now().await,
                Act::Wait(time) => tokio::time::sleep(time).await,
                Act::Answered => self.state.lock().unwrap().counts.answered += 1,
                Act::Close => return None,
                Act::CloseHalf => {
                    self.stream.shutdown().await.ok()?;
                    return self.watch_what_comes_late().await;
                }
                Act::Reset => {
                    self.stream.set_zero_linger().unwrap();
                    return None;
                }
                Act::Hang => {
                    let mut rest = [0; 1024];
                    while self.stream.read(&mut rest).await.ok()? > 0 {}
                    return None;
                }
            }
        }
        Some(())
    }

    async fn watch_what_comes_late(&mut self) -> Option<()> {
        loop {
            match self.incoming.next(&mut self.stream).await? {
                Received::Begun => self.state.lock().unwrap().counts.begun += 1,
                Received::Head { .. } => {}
                Received::Whole(seen) => self.state.lock().unwrap().late(seen),
            }
        }
    }

    async fn write(&mut self, mut bytes: &[u8]) -> Option<()> {
        while !bytes.is_empty() {
            let count = self.stream.write(bytes).await.ok()?;
            self.state.lock().unwrap().counts.sent_bytes += count as u64;
            bytes = &bytes[count..];
        }
        Some(())
    }
}

impl State {
    fn script(&mut self, seen: &Seen) -> Script {
        if let Some(choose) = &mut self.chooser {
            return choose(seen);
        }
        let turn = self.turns.entry(seen.path().to_owned()).or_default();
        *turn += 1;
        match self.paths.get(seen.path()) {
            Some(scripts) => scripts[(*turn).min(scripts.len()) - 1].clone(),
            None => reply("404 Not Found", &[], ""),
        }
    }

    fn arrived(&mut self, seen: Seen) {
        self.counts.arrived += 1;
        if self.seen.len() < MAX_KEPT {
            self.seen.push(seen);
        }
    }

    fn late(&mut self, seen: Seen) {
        self.counts.late += 1;
        if self.late.len() < MAX_KEPT {
            self.late.push(seen);
        }
    }
}
