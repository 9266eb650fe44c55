//! Answers as two independent readers of HTTP/1.1 understand them: ours, and hyper's.
//!
//! Answers as servers send them, and the same ones damaged, go to both over real
//! connections. Both must see the same status and the same body, or both a broken
//! answer, but for what `may_differ` names.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod answers;
#[path = "../../fuzz/answers.rs"]
mod in_pieces;

use std::time::Duration;

use answers::Answers;
use http_body_util::{BodyExt as _, Empty};
use hyper::{Request as Asked, body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use plan::{
    base::{
        clock::Clock, connecting::Connecting, ids::ClassId, method::Method, redirects::Redirects,
        timeouts::Timeouts,
    },
    exchange::{BodyUse, FailureKind, Request, Underway},
    protocol::{Protocol, http::Http},
    tls::TlsSettings,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use url::Url;

/// Status and body, or that it is broken.
type Understood = Option<(u16, Vec<u8>)>;

/// How many damaged answers are tried; a few seconds' worth. More by `PLAN_ANSWERS`.
const DEFAULT_ANSWERS: usize = 3_000;

#[tokio::test]
async fn two_readers_understand_the_same() {
    let wanted = std::env::var("PLAN_ANSWERS").ok();
    let wanted = wanted.map_or(DEFAULT_ANSWERS, |count| count.parse().unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let protocol = Protocol::Http(Http::new([(
        &TlsSettings::default(),
        &Connecting::default(),
    )]));
    let (mut whole, mut broken) = (0, 0);
    for answer in Answers::from_seed(7).take(wanted) {
        let server = async {
            for _ in 0..2 {
                let (stream, _) = listener.accept().await.unwrap();
                serve(stream, &answer).await;
            }
        };
        let readers = async {
            let url = Url::parse(&format!("http://{address}/")).unwrap();
            (ours(&protocol, url).await, hypers(address).await)
        };
        let ((), (ours, theirs)) = tokio::join!(server, readers);
        let shown = String::from_utf8_lossy(&answer);
        if !may_differ(&answer) {
            assert_eq!(ours, theirs, "ours and hyper's, of {shown:?}");
        }
        match ours {
            Some(_) => whole += 1,
            None => broken += 1,
        }
    }
    println!("{whole} understood alike, {broken} broken for both");
    assert!(
        whole > wanted / 5 && broken > wanted / 5,
        "{whole} {broken}"
    );
}

/// What the fuzz target asks of any bytes, of the same damaged answers.
#[test]
fn however_an_answer_is_cut_it_is_the_same() {
    for answer in Answers::from_seed(11).take(5 * DEFAULT_ANSWERS) {
        let held = std::panic::catch_unwind(|| in_pieces::answers(&answer));
        assert!(held.is_ok(), "{:?}", String::from_utf8_lossy(&answer));
    }
}

/// Hyper does not find `chunked` beside a coding whose name is not ASCII, and takes
/// some lone line feeds among the trailers for a line end, which we never do.
fn may_differ(answer: &[u8]) -> bool {
    let odd_coding = answer.split(|byte| *byte == b'\n').any(|line| {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        name.eq_ignore_ascii_case(b"transfer-encoding") && !line.is_ascii()
    });
    let last_chunk = answer.windows(3).position(|three| three == b"0\r\n");
    let lone = |two: &[u8]| two[1] == b'\n' && two[0] != b'\r';
    let odd_trailer = last_chunk.is_some_and(|at| answer[at + 2..].windows(2).any(lone));
    odd_coding || odd_trailer
}

/// Reads a request, writes the answer, and ends the connection in order.
async fn serve(mut stream: TcpStream, answer: &[u8]) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
    }
    // The reader may have seen enough before all is written.
    let _ = stream.write_all(answer).await;
    let _ = stream.shutdown().await;
    let mut rest = [0; 64];
    while stream.read(&mut rest).await.unwrap_or(0) > 0 {}
}

async fn ours(protocol: &Protocol, url: Url) -> Understood {
    let request = Request {
        method: Method::Get,
        url,
        headers: Vec::new(),
        body: None,
        timeouts: Timeouts::of_total(Duration::from_secs(20)),
        body_use: BodyUse::Keep,
        redirects: Redirects::None,
        encoded: plan::exchange::Encoded::default(),
    };
    let session = protocol.session(1, ClassId(0));
    let exchange = session
        .exchange(&request, &Clock::start(), &Underway::default())
        .await;
    match exchange.outcome {
        Ok(response) => Some((response.status, response.body)),
        Err(failure) => {
            assert_ne!(failure.kind, FailureKind::TotalTimeout, "it hangs");
            None
        }
    }
}

async fn hypers(address: std::net::SocketAddr) -> Understood {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = http1::Builder::new()
        .allow_obsolete_multiline_headers_in_responses(true)
        .allow_spaces_after_header_name_in_responses(true)
        .max_headers(1_000)
        .handshake(TokioIo::new(stream))
        .await
        .unwrap();
    let connection = tokio::spawn(connection);
    let asked = Asked::get("/")
        .header("host", address.to_string())
        .body(Empty::<Bytes>::new())
        .unwrap();
    let answer = async {
        let response = sender.send_request(asked).await.ok()?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.ok()?;
        Some((status, body.to_bytes().to_vec()))
    };
    let understood = tokio::time::timeout(Duration::from_secs(20), answer).await;
    drop(sender);
    connection.abort();
    understood.expect("hyper hangs")
}
