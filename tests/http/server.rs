//! The server itself: what it counts, asked byte by byte.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{
    a_moment,
    faults::{Act, Counts, Faults, ok, reply, send},
};

async fn connect(server: &Faults) -> TcpStream {
    TcpStream::connect(server.place()).await.unwrap()
}

/// Reads as many bytes as a text has, and holds them to it.
async fn expect(stream: &mut TcpStream, text: &str) {
    let mut found = vec![0; text.len()];
    stream.read_exact(&mut found).await.unwrap();
    assert_eq!(String::from_utf8(found).unwrap(), text);
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";

#[tokio::test]
async fn what_was_begun_what_arrived_and_what_was_answered_are_counted_apart() {
    let server = Faults::start().await;
    server.on("/", ok("x"));
    server.on("/half", vec![send("HTTP/1.1 200 OK\r\n"), Act::Close]);

    let _silent = connect(&server).await;
    let mut begun = connect(&server).await;
    begun.write_all(b"GET / HT").await.unwrap();
    let mut bodiless = connect(&server).await;
    bodiless
        .write_all(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\na")
        .await
        .unwrap();
    let mut two = connect(&server).await;
    // At once, as nobody should.
    let both = b"GET / HTTP/1.1\r\n\r\nGET /half HTTP/1.1\r\n\r\n";
    two.write_all(both).await.unwrap();
    expect(&mut two, OK).await;
    expect(&mut two, "HTTP/1.1 200 OK\r\n").await;
    a_moment().await;

    assert_eq!(
        server.counts(),
        Counts {
            connections: 4,
            begun: 4,
            arrived: 2,
            late: 0,
            answered: 1,
            sent_bytes: (OK.len() + "HTTP/1.1 200 OK\r\n".len()) as u64,
        }
    );
    assert_eq!(server.open(), 3);
    let seen = server.seen();
    assert_eq!((seen[0].connection, seen[0].place), (4, 1));
    assert_eq!((seen[1].connection, seen[1].place), (4, 2));
}

#[tokio::test]
async fn bodies_arrive_in_chunks_too_and_after_a_word_that_they_may() {
    let server = Faults::start().await;
    server.on("/", ok("x"));
    let mut stream = connect(&server).await;
    let head = "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    expect(&mut stream, "HTTP/1.1 100 Continue\r\n\r\n").await;
    assert_eq!((server.counts().begun, server.counts().arrived), (1, 0));
    stream
        .write_all(b"5;x=y\r\nfirst\r\n7\r\n second\r\n0\r\nX-Sum: 1\r\n\r\n")
        .await
        .unwrap();
    expect(&mut stream, OK).await;
    assert_eq!(server.lines(), ["PUT / first second"]);
    assert_eq!(server.seen()[0].head, head.trim_end());
}

#[tokio::test]
async fn an_answer_can_come_before_the_body() {
    let server = Faults::start().await;
    server.on_head("/", reply("413 Too Large", &[], ""));
    let mut stream = connect(&server).await;
    stream
        .write_all(b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n")
        .await
        .unwrap();
    expect(
        &mut stream,
        "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n",
    )
    .await;
    assert_eq!((server.counts().answered, server.counts().arrived), (1, 0));
    stream
        .write_all(b"a=1GET /next HTTP/1.1\r\n\r\n")
        .await
        .unwrap();
    // The body got no second answer.
    expect(&mut stream, "HTTP/1.1 404 Not Found\r\n").await;
    assert_eq!(server.lines(), ["POST / a=1", "GET /next"]);
}

#[tokio::test]
async fn what_comes_after_the_end_is_counted_as_late() {
    let server = Faults::start().await;
    let mut script = ok("x");
    script.push(Act::CloseHalf);
    server.on("/", script);
    let mut stream = connect(&server).await;
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    expect(&mut stream, OK).await;
    assert_eq!(stream.read(&mut [0; 9]).await.unwrap(), 0);
    let late = b"POST /late HTTP/1.1\r\nContent-Length: 1\r\n\r\na";
    stream.write_all(late).await.unwrap();
    assert_eq!(stream.read(&mut [0; 9]).await.unwrap(), 0);
    drop(stream);
    a_moment().await;
    let counts = server.counts();
    assert_eq!((counts.begun, counts.arrived, counts.late), (2, 1, 1));
    assert_eq!(server.late()[0].line(), "POST /late a");
    assert_eq!(
        (server.lines(), server.open()),
        (vec!["GET /".to_owned()], 0)
    );
}

#[tokio::test]
async fn it_listens_on_the_other_protocol_too() {
    let server = Faults::start_on("[::1]:0").await;
    server.on("/", ok("x"));
    let mut stream = connect(&server).await;
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    expect(&mut stream, OK).await;
    assert!(server.url("/").as_str().starts_with("http://[::1]:"));
}
