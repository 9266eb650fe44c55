//! What the server does, as data.

use std::{sync::Arc, time::Duration};

/// One thing that the server does.
#[derive(Clone, Debug)]
pub enum Act {
    /// Writes these bytes.
    Send(Vec<u8>),
    /// Writes the same bytes so many times.
    SendMany(Arc<[u8]>, u64),
    /// Does nothing for a while.
    Wait(Duration),
    /// Counts an answer as written whole: all its bytes stand before this.
    Answered,
    /// Ends the connection in order.
    Close,
    /// Ends its own side in order, without a word of it before, and goes on to
    /// count what arrives: too late, and never answered.
    CloseHalf,
    /// Ends the connection with a reset.
    Reset,
    /// Says nothing more, and waits until the client leaves.
    Hang,
}

/// What is done in turn. A connection that was not ended reads another request.
pub type Script = Vec<Act>;

/// An answer with a length: status and reason, header lines, body.
pub fn reply(status: &str, headers: &[&str], body: &str) -> Script {
    let mut text = format!("HTTP/1.1 {status}\r\n");
    for header in headers {
        text.push_str(header);
        text.push_str("\r\n");
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    vec![send(&text), Act::Answered]
}

/// `200 OK` with a body.
pub fn ok(body: &str) -> Script {
    reply("200 OK", &[], body)
}

/// `200 OK` in chunks, with what ends them.
pub fn chunks(pieces: &[&str]) -> Script {
    let mut script = vec![send(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    )];
    let sized = |piece: &&str| send(&format!("{:x}\r\n{piece}\r\n", piece.len()));
    script.extend(pieces.iter().map(sized));
    script.extend([send("0\r\n\r\n"), Act::Answered]);
    script
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
    send_bytes(text.as_bytes())
}

/// These very bytes, also where they are no text.
pub fn send_bytes(bytes: &[u8]) -> Act {
    Act::Send(bytes.to_vec())
}

/// The same, each byte in a packet of its own as far as the system lets us.
pub fn bytewise(text: &str) -> Script {
    text.as_bytes()
        .chunks(1)
        .flat_map(|byte| [send_bytes(byte), Act::Wait(Duration::ZERO)])
        .collect()
}

/// A pause.
pub fn wait_ms(ms: u64) -> Act {
    Act::Wait(Duration::from_millis(ms))
}
