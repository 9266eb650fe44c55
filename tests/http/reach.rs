//! Whether somebody is there, asked before a run.

use plan::{
    exchange::FailureKind,
    protocol::{Protocol, http::Http},
};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    time::Instant,
};
use url::Url;

use super::{a_moment, faults::Faults};

async fn reach(url: &str) -> Result<(), (FailureKind, String)> {
    let url = Url::parse(url).unwrap();
    let reached = Protocol::Http(Http::default()).reach(&url).await;
    reached.map_err(|failure| (failure.kind, failure.detail))
}

#[tokio::test]
async fn whoever_listens_is_reached_and_asked_nothing() {
    let server = Faults::start().await;
    for host in ["127.0.0.1", "localhost"] {
        let url = server.url_as(host, "/");
        assert_eq!(reach(url.as_str()).await, Ok(()), "{host}");
    }
    a_moment().await;
    assert_eq!(server.connections(), 2);
    assert_eq!(server.open(), 0, "they are closed at once");
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn an_address_of_six_groups_is_one_too() {
    let Ok(listener) = TcpListener::bind("[::1]:0").await else {
        return; // A machine without IPv6 has nothing to reach.
    };
    let port = listener.local_addr().unwrap().port();
    assert_eq!(reach(&format!("http://[::1]:{port}/")).await, Ok(()));
}

#[tokio::test]
async fn nobody_is_said_as_a_request_would_say_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = listener.local_addr().unwrap();
    drop(listener);
    let refused = format!("connection refused by {place}");
    assert_eq!(
        reach(&format!("http://ann:secret@{place}/")).await,
        Err((FailureKind::Refused, refused))
    );

    let (kind, detail) = reach("https://nobody.invalid/").await.unwrap_err();
    assert_eq!(kind, FailureKind::Dns);
    let begin = "no address found for `nobody.invalid`: ";
    assert!(detail.starts_with(begin), "{detail}");
}

#[tokio::test(start_paused = true)]
async fn who_does_not_answer_is_waited_for_as_long_as_for_any_connection() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let place = listener.local_addr().unwrap();
    let _fills_the_queue = TcpStream::connect(place).await.unwrap();

    let began = Instant::now();
    let detail = format!("no connection to {place} within 10s");
    assert_eq!(
        reach(&format!("http://{place}/")).await,
        Err((FailureKind::ConnectTimeout, detail))
    );
    assert_eq!(began.elapsed().as_secs(), 10);
}
