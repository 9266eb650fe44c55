//! Names that move, on a paused clock: who asks when, and gets what.

use std::{cell::Cell, future::pending};

use super::*;

const TTL: Duration = Duration::from_secs(60);

/// A name server that says what is written here, and counts.
#[derive(Default)]
struct Server {
    says: Cell<&'static [&'static str]>,
    /// How long it thinks.
    takes: Cell<Duration>,
    asked: Cell<u32>,
}

impl Server {
    fn saying(says: &'static [&'static str]) -> Server {
        let server = Server::default();
        server.says.set(says);
        server
    }

    /// Nothing said is a failure.
    async fn look_up(&self) -> io::Result<Vec<SocketAddr>> {
        self.asked.set(self.asked.get() + 1);
        tokio::time::sleep(self.takes.get()).await;
        match self.says.get() {
            [] => Err(io::Error::other("nobody knows")),
            says => Ok(says.iter().map(|text| address(text)).collect()),
        }
    }
}

fn address(text: &str) -> SocketAddr {
    SocketAddr::new(text.parse().unwrap(), 0)
}

/// What somebody gets who asks now: addresses or the reason for none, and whether that
/// took a lookup.
async fn find(names: &Names, ttl: Duration, server: &Server) -> (String, bool) {
    let clock = Clock::start();
    let found = names
        .find("blog.example", ttl, &clock, async |_| {
            server.look_up().await
        })
        .await;
    match found {
        Ok(found) => {
            let addresses = found
                .addresses
                .iter()
                .map(|address| address.ip().to_string());
            let addresses: Vec<_> = addresses.collect();
            (addresses.join(" "), found.took.is_some())
        }
        Err(why) => (why.to_string(), true),
    }
}

async fn pass(time: Duration) {
    tokio::time::advance(time).await;
}

#[tokio::test(start_paused = true)]
async fn a_name_that_moves_is_followed_when_its_time_is_over() {
    let (names, server) = (Names::default(), Server::saying(&["10.0.0.1"]));
    let one_ms = Duration::from_millis(1);
    assert_eq!(find(&names, TTL, &server).await, ("10.0.0.1".into(), true));
    server.says.set(&["10.0.0.2"]);
    pass(TTL - one_ms).await;
    assert_eq!(find(&names, TTL, &server).await, ("10.0.0.1".into(), false));
    pass(one_ms).await;
    assert_eq!(find(&names, TTL, &server).await, ("10.0.0.2".into(), true));
    assert_eq!(find(&names, TTL, &server).await, ("10.0.0.2".into(), false));
    assert_eq!(server.asked.get(), 2);

    // Another class may want to know it earlier.
    server.says.set(&["10.0.0.3"]);
    pass(Duration::from_secs(2)).await;
    let early = find(&names, Duration::from_secs(2), &server).await;
    assert_eq!(early, ("10.0.0.3".into(), true));
}

#[tokio::test(start_paused = true)]
async fn three_days_ask_once_a_minute_and_not_for_each_connection() {
    let (names, server) = (Names::default(), Server::saying(&["10.0.0.1"]));
    for _ in 0..72 * 60 * 12 {
        find(&names, TTL, &server).await;
        pass(Duration::from_secs(5)).await;
    }
    assert_eq!(server.asked.get(), 72 * 60);
}

#[tokio::test(start_paused = true)]
async fn no_time_to_live_asks_each_time() {
    let (names, server) = (Names::default(), Server::saying(&["10.0.0.1"]));
    for _ in 0..3 {
        let found = find(&names, Duration::ZERO, &server).await;
        assert_eq!(found, ("10.0.0.1".into(), true));
    }
    server.says.set(&[]);
    let found = find(&names, Duration::ZERO, &server).await;
    assert_eq!(found.0, "nobody knows", "nothing is kept");
    assert_eq!(server.asked.get(), 4);
}

#[tokio::test(start_paused = true)]
async fn many_at_once_ask_once_and_all_get_what_comes() {
    let second = Duration::from_secs(1);
    for (says, expected) in [(&["10.0.0.1"][..], "10.0.0.1"), (&[], "nobody knows")] {
        let (names, server) = (Names::default(), Server::saying(says));
        server.takes.set(second);
        let (one, two, three) = tokio::join!(
            find(&names, TTL, &server),
            find(&names, TTL, &server),
            find(&names, TTL, &server)
        );
        for found in [one, two, three] {
            assert_eq!(found, (expected.to_owned(), true), "they waited for it");
        }
        assert_eq!(server.asked.get(), 1);
    }
}

/// Whoever asks may have no more time; those who wait are not to wait for ever.
#[tokio::test(start_paused = true)]
async fn if_the_one_who_asks_gives_up_the_next_one_asks() {
    let (names, server) = (Names::default(), Server::saying(&["10.0.0.1"]));
    let clock = Clock::start();
    let never = names.find("blog.example", TTL, &clock, async |_| pending().await);
    let given_up = tokio::time::timeout(Duration::from_secs(1), never);
    let (given_up, found) = tokio::join!(given_up, find(&names, TTL, &server));
    assert!(given_up.is_err());
    assert_eq!(found, ("10.0.0.1".into(), true));
}

/// A name server that is gone for a moment is not the target's failure.
#[tokio::test(start_paused = true)]
async fn an_answer_goes_on_for_a_while_when_no_other_is_to_be_had() {
    let (names, server) = (Names::default(), Server::saying(&["10.0.0.1"]));
    find(&names, TTL, &server).await;
    server.says.set(&[]);
    pass(TTL).await;
    assert_eq!(find(&names, TTL, &server).await, ("10.0.0.1".into(), true));
    // It is not asked again for each connection.
    assert_eq!(find(&names, TTL, &server).await, ("10.0.0.1".into(), false));
    assert_eq!(server.asked.get(), 2);
    pass(RETRY).await;
    assert_eq!(find(&names, TTL, &server).await, ("10.0.0.1".into(), true));
    pass(STALE - RETRY).await;
    assert_eq!(find(&names, TTL, &server).await.0, "nobody knows");

    server.says.set(&["10.0.0.2"]);
    assert_eq!(find(&names, TTL, &server).await, ("10.0.0.2".into(), true));
}

#[test]
#[rustfmt::skip]
fn connections_take_addresses_of_the_preferred_kind_in_turn() {
    for (addresses, turn, expected) in [
        ("",                       0, ""),
        ("10.0.0.1",               5, "10.0.0.1"),
        ("10.0.0.1 10.0.0.2",      0, "10.0.0.1 10.0.0.2"),
        ("10.0.0.1 10.0.0.2",      1, "10.0.0.2 10.0.0.1"),
        ("10.0.0.1 10.0.0.2",      2, "10.0.0.1 10.0.0.2"),
        ("::1 127.0.0.1",          1, "::1 127.0.0.1"),
        ("::1 ::2 ::3 127.0.0.1",  4, "::2 ::3 ::1 127.0.0.1"),
        ("::1 127.0.0.1 ::2",      1, "::1 127.0.0.1 ::2"),
    ] {
        let addresses: Vec<_> = addresses.split_whitespace().map(address).collect();
        let turned: Vec<_> = in_turn(&addresses, turn).iter().map(|to| to.ip().to_string()).collect();
        assert_eq!(turned.join(" "), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn names_beyond_the_bound_take_the_place_of_the_oldest() {
    let (names, server) = (Names::default(), Server::saying(&["10.0.0.1"]));
    let clock = Clock::start();
    for n in 0..=MAX_KEPT {
        let name = format!("{n}.example");
        let found = names.find(&name, TTL, &clock, async |_| server.look_up().await);
        found.await.unwrap();
        pass(Duration::from_millis(1)).await;
    }
    let kept = names.0.lock().unwrap();
    assert_eq!(kept.len(), MAX_KEPT);
    assert!(!kept.contains_key("0.example") && kept.contains_key("1.example"));
}
