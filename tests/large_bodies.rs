//! Bodies that nobody looks at take no memory, however large they are.
//!
//! A program of its own, because it measures all of its process: the server is in
//! it too, and sends the same bytes again and again.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]
#![allow(clippy::print_stdout, reason = "what is measured is shown")]
#![cfg(target_os = "linux")]

#[path = "faults/mod.rs"]
mod faults;
mod running;

use std::{fs, sync::Arc};

use faults::{Act, Faults, Script, send};
use plan::stats::RunRecord;

/// What each of them is told to be.
const BODY_BYTES: u64 = 50 << 20;

/// What a piece of it is sent as: two pages of memory, so that it is many pieces.
const PIECE_BYTES: usize = 8 << 10;

/// What a user may need for reading them: buffers, and nothing of the bodies.
const MAX_GROWTH_BYTES: u64 = 12 << 20;

/// How many read at the same time.
const USERS: u64 = 4;

#[test]
fn fifty_megabytes_in_constant_memory() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let server = runtime.block_on(Faults::start());
    for (path, script) in [
        ("/length", with_a_length()),
        ("/chunks", in_chunks()),
        ("/end", to_the_end()),
        ("/error", refused()),
    ] {
        server.on(path, script);
    }
    server.on("/small", faults::ok("x"));

    // What a process needs to run at all is not what is measured.
    let warm = runtime.block_on(run(&server, "/small", "ok"));
    assert_eq!(warm.total.ok, USERS);
    let before = peak_bytes();
    for (path, status) in [
        ("/length", "ok"),
        ("/chunks", "ok"),
        ("/end", "ok"),
        ("/error", "500"),
    ] {
        let record = runtime.block_on(run(&server, path, status));
        assert_eq!((record.total.ok, record.total.failed), (USERS, 0), "{path}");
        assert_eq!(record.total.received_bytes, USERS * BODY_BYTES, "{path}");
        let growth = peak_bytes() - before;
        println!("{path}: {USERS} bodies of {BODY_BYTES} bytes, {growth} bytes more at the most");
        assert!(growth < MAX_GROWTH_BYTES, "{path}: {growth} bytes more");
    }
}

/// The most memory that this process ever held.
fn peak_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    kilobytes << 10
}

fn piece() -> Arc<[u8]> {
    vec![b'x'; PIECE_BYTES].into()
}

const PIECES: u64 = BODY_BYTES / PIECE_BYTES as u64;

fn with_a_length() -> Script {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {BODY_BYTES}\r\n\r\n");
    vec![send(&head), Act::SendMany(piece(), PIECES), Act::Answered]
}

fn in_chunks() -> Script {
    let mut chunk = format!("{PIECE_BYTES:x}\r\n").into_bytes();
    chunk.extend_from_slice(&piece());
    chunk.extend_from_slice(b"\r\n");
    vec![
        send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        Act::SendMany(chunk.into(), PIECES),
        send("0\r\n\r\n"),
        Act::Answered,
    ]
}

fn to_the_end() -> Script {
    vec![
        send("HTTP/1.1 200 OK\r\n\r\n"),
        Act::SendMany(piece(), PIECES),
        Act::Answered,
        Act::Close,
    ]
}

/// Of a body that is not as expected, a report shows the beginning.
fn refused() -> Script {
    let head = format!("HTTP/1.1 500 Oops\r\nContent-Length: {BODY_BYTES}\r\n\r\n");
    vec![send(&head), Act::SendMany(piece(), PIECES), Act::Answered]
}

/// Each user asks once.
async fn run(server: &Faults, path: &str, status: &str) -> RunRecord {
    let target = server.url("/");
    let graph = running::compile(&format!(
        "
        plan: 1
        target: {target}
        users:
          reader:
            wait: none
            sequence: [{{ get: {path}, timeout: 5m, expect: {{ status: {status} }} }}]
        load: {{ users: {USERS}, per_user: 1 }}
        "
    ));
    running::real::run(graph, 1).await
}
