//! The built-in demo as a process of its own, for as long as a test needs it.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

use serde_json::Value;

/// A running demo; it ends when this is dropped.
pub struct Demo {
    process: Child,
    /// `http://127.0.0.1:PORT`
    pub url: String,
}

impl Demo {
    pub fn start() -> Demo {
        let mut process = Command::new(env!("CARGO_BIN_EXE_plan"))
            .args(["demo", "--port", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = process.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let url = line
            .split_whitespace()
            .find(|word| word.starts_with("http://"));
        let url = url
            .unwrap_or_else(|| panic!("no address in `{line}`"))
            .to_owned();
        Demo { process, url }
    }

    /// What it has served so far, by its own count.
    pub fn counts(&self) -> Value {
        let address = self.url.strip_prefix("http://").expect("an http URL");
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "GET /__counts HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let body = answer.split_once("\r\n\r\n").expect("a head and a body").1;
        serde_json::from_str(body).unwrap()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may be gone already; then there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
