//! A browser of few words: one kept connection, one cookie, no redirects.
//!
//! Written on sockets, so that it shares nothing with the client under test.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// How long an answer may take. The real one hashes passwords with scrypt, on
/// a machine that may be busy.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub struct Browser {
    address: SocketAddr,
    connection: Option<BufReader<TcpStream>>,
    /// The value of the session cookie.
    pub session: Option<String>,
    /// How often it had to connect.
    pub connects: u32,
}

#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Browser {
    pub fn of(address: SocketAddr) -> Browser {
        Browser {
            address,
            connection: None,
            session: None,
            connects: 0,
        }
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, &[], "")
    }

    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        self.ask("POST", path, &[kind], &body)
    }

    /// Sends a request and takes the session from its answer.
    pub fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.address);
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        if let Some(session) = &self.session {
            request += &format!("Cookie: session={session}\r\n");
        }
        if method == "POST" {
            request += &format!("Content-Length: {}\r\n", body.len());
        }
        request += "\r\n";
        request += body;

        let mut connection = self.connection.take().unwrap_or_else(|| self.connect());
        connection.get_mut().write_all(request.as_bytes()).unwrap();
        let answer = Answer::read(&mut connection, method);
        if answer.header("connection") != Some("close") {
            self.connection = Some(connection);
        }
        if let Some(cookie) = answer.header("set-cookie") {
            let value = cookie.strip_prefix("session=").unwrap();
            let value = value.split(';').next().unwrap();
            self.session = Some(value.to_owned()).filter(|value| !value.is_empty());
        }
        answer
    }

    fn connect(&mut self) -> BufReader<TcpStream> {
        self.connects += 1;
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(ANSWER_WITHIN)).unwrap();
        stream.set_nodelay(true).unwrap();
        BufReader::new(stream)
    }
}

impl Answer {
    fn read(connection: &mut BufReader<TcpStream>, method: &str) -> Answer {
        let status_line = line(connection);
        let status = status_line.split(' ').nth(1).unwrap().parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let line = line(connection);
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Answer {
            status,
            headers,
            body: String::new(),
        };
        let length = answer.header("content-length").unwrap_or("0");
        if method != "HEAD" {
            let mut body = vec![0; length.parse().unwrap()];
            connection.read_exact(&mut body).unwrap();
            answer.body = String::from_utf8(body).unwrap();
        }
        answer
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(key, _)| key == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} comes twice");
        value
    }
}

fn line(connection: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    connection.read_line(&mut line).unwrap();
    assert!(line.ends_with("\r\n"), "the connection ended: {line:?}");
    line.truncate(line.len() - 2);
    line
}
