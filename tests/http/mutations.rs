//! Answers that are nearly right: whatever is wrong with them, and however they are
//! cut on the way, there is one outcome, at once, and no other user notices.

use plan::exchange::Exchange;
use rand::{RngExt as _, SeedableRng as _, seq::IndexedRandom as _};
use rand_pcg::Pcg64Mcg;

use super::{
    User, answer,
    faults::{Act, Faults, Script, ok, send_bytes, wait_ms},
};

const ANSWERS: [&[u8]; 5] = [
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 11\r\n\r\nhello world",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nX: 1\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\ngone",
    b"HTTP/1.0 200 OK\nX: one\n two\nConnection: keep-alive\nContent-Length: 2\n\nok",
    b"HTTP/1.1 204 No Content\r\nSet-Cookie: a=b; Path=/; Max-Age=9\r\n\r\n",
];

/// Bytes that mean something to somebody who reads answers.
const TELLING: &[u8] = b"\r\n\r\n: ;,0159aFz-+\0\x7f\xff\tHTTP/1.";

/// How many of them are tried.
const MUTATIONS: usize = 1_000;

#[tokio::test]
async fn nearly_right_answers_have_one_outcome_however_they_are_cut() {
    let mut random = Pcg64Mcg::seed_from_u64(4);
    let server = Faults::start().await;
    server.on("/fine", ok("fine"));
    let mut user = User::new();
    for _ in 0..MUTATIONS {
        let bytes = mutated(&mut random);
        let cut = random.random_range(0..=bytes.len());
        let (first, second) = bytes.split_at(cut);
        let ways: [Script; 2] = [
            vec![send_bytes(&bytes), Act::Close],
            vec![
                send_bytes(first),
                wait_ms(1),
                send_bytes(second),
                Act::Close,
            ],
        ];
        let mut outcomes = Vec::new();
        for script in ways {
            server.on("/", script);
            outcomes.push(outcome(&User::new().get(server.url("/")).await));
        }
        assert_eq!(
            outcomes[0],
            outcomes[1],
            "{} cut at {cut}",
            bytes.escape_ascii()
        );
        assert!(
            !outcomes[0].starts_with("total_timeout"),
            "{}",
            bytes.escape_ascii()
        );
    }
    let exchange = user.get(server.url("/fine")).await;
    assert_eq!(answer(&exchange), (200, "fine".to_owned()));
}

/// What came of it, without the texts of failures: those may name what was there
/// when it was certain.
fn outcome(exchange: &Exchange) -> String {
    let bytes = exchange.received_bytes;
    match &exchange.outcome {
        Ok(response) => format!(
            "{} {:?} {:?}",
            response.status, response.headers, response.body
        ),
        Err(failure) => format!("{} after {bytes}", failure.kind),
    }
}

/// An answer with up to three bytes changed, left out, doubled or put in.
fn mutated(random: &mut Pcg64Mcg) -> Vec<u8> {
    let mut bytes = ANSWERS.choose(random).unwrap().to_vec();
    for _ in 0..random.random_range(0..=3) {
        let place = random.random_range(0..bytes.len());
        let telling = *TELLING.choose(random).unwrap();
        match random.random_range(0..5) {
            0 => bytes[place] = telling,
            1 => bytes.insert(place, telling),
            2 if bytes.len() > 1 => drop(bytes.remove(place)),
            3 => bytes.insert(place, bytes[place]),
            _ => bytes.truncate(place.max(1)),
        }
    }
    bytes
}
