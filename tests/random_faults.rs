//! A server that does everything wrong at random, and users who bear with it: at the
//! end both have counted the same.
//!
//! Each request that arrives draws what is done about it; each fault has one chance
//! in twenty. The server ends idle connections by halves, so that it sees
//! also what was written to a connection that had ended. So every request that was
//! sent is known to have arrived, and each number can be held to be equal.
//!
//! Runs for five seconds, or for as many as `PLAN_FAULTS_SECONDS` says;
//! `--nocapture` shows the two accounts side by side.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]
#![allow(clippy::print_stdout, reason = "what was counted is shown")]

mod faults;
mod running;

use std::{
    collections::BTreeMap,
    env,
    sync::{Arc, Mutex},
    time::Duration,
};

use faults::{Act, Faults, Script, Seen, chunks, ok, redirect, reply, send, wait_ms};
use plan::{exchange::FailureKind, stats::RunRecord};
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

/// What the server does to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    ResetBeforeHead,
    CloseBeforeHead,
    CloseInsideBody,
    WrongChunk,
    NotHttp,
    Hang,
    Status500,
    SlowBody,
    EndWhenIdle,
    Redirects,
    /// Nothing wrong.
    Answer,
}

const FAULTS: [Fault; 10] = [
    Fault::ResetBeforeHead,
    Fault::CloseBeforeHead,
    Fault::CloseInsideBody,
    Fault::WrongChunk,
    Fault::NotHttp,
    Fault::Hang,
    Fault::Status500,
    Fault::SlowBody,
    Fault::EndWhenIdle,
    Fault::Redirects,
];

/// Of a hundred requests, how many have each fault.
const PERCENT: usize = 5;

/// What a page says if it is whole.
const FINE: &str = "all is fine here";

/// The server's own account.
#[derive(Debug, Default)]
struct Account {
    faults: BTreeMap<Fault, u64>,
    /// What the client must come to, if it understands what happens to it.
    failures: BTreeMap<FailureKind, u64>,
    redirects: u64,
    /// Requests that the client must have sent again.
    resent: u64,
}

impl Account {
    /// Notes what is done about a request, and what must come of it.
    fn note(&mut self, fault: Fault, seen: &Seen) {
        *self.faults.entry(fault).or_default() += 1;
        let kind = match fault {
            Fault::ResetBeforeHead | Fault::CloseBeforeHead => {
                // To the client it is a kept connection that had ended.
                if seen.place > 1 && is_idempotent(&seen.method) {
                    self.resent += 1;
                    return;
                }
                FailureKind::Reset
            }
            Fault::CloseInsideBody => FailureKind::TruncatedBody,
            Fault::WrongChunk => FailureKind::BadChunk,
            Fault::NotHttp => FailureKind::BadProtocol,
            Fault::Hang => FailureKind::TotalTimeout,
            Fault::Status500 => FailureKind::Status,
            Fault::Redirects => {
                self.redirects += 1;
                return;
            }
            Fault::SlowBody | Fault::EndWhenIdle | Fault::Answer => return,
        };
        *self.failures.entry(kind).or_default() += 1;
    }

    /// What came when the server had ended its side, and so was never answered.
    fn note_late(&mut self, late: &[Seen]) {
        for seen in late {
            if is_idempotent(&seen.method) {
                self.resent += 1;
            } else {
                *self.failures.entry(FailureKind::Reset).or_default() += 1;
            }
        }
    }
}

fn is_idempotent(method: &str) -> bool {
    !matches!(method, "POST" | "PATCH")
}

/// Draws what is done, notes it, and does it.
fn misbehave(account: Arc<Mutex<Account>>, seed: u64) -> impl FnMut(&Seen) -> Script + Send {
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    move |seen| {
        let drawn = random.random_range(0..100);
        let fault = FAULTS.get(drawn / PERCENT).copied();
        let fault = match (fault, hops_left(seen)) {
            // Who is on a chain goes on, and does not begin another.
            (None | Some(Fault::Redirects), Some(1..)) => Fault::Redirects,
            (Some(Fault::Redirects), Some(0)) | (None, _) => Fault::Answer,
            (Some(fault), _) => fault,
        };
        account.lock().unwrap().note(fault, seen);
        let status = [301, 302, 303, 307, 308][random.random_range(0..5)];
        script(fault, seen, status)
    }
}

/// On a chain, how many more redirects there are.
fn hops_left(seen: &Seen) -> Option<u32> {
    let left = seen.target.strip_prefix("/chain/")?;
    Some(left.parse().unwrap())
}

fn script(fault: Fault, seen: &Seen, status: u16) -> Script {
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it";
    let chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfine\r\nzz\r\n";
    match fault {
        Fault::ResetBeforeHead => vec![Act::Reset],
        Fault::CloseBeforeHead => vec![Act::Close],
        Fault::CloseInsideBody => vec![send(half), Act::Close],
        Fault::WrongChunk => vec![send(chunk), Act::Hang],
        Fault::NotHttp => vec![send("220 ready\r\n\r\n"), Act::Hang],
        Fault::Hang => vec![Act::Hang],
        Fault::Status500 => reply("500 Internal Server Error", &[], "oops"),
        Fault::SlowBody => {
            let mut script = vec![send(&format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n",
                FINE.len()
            ))];
            for part in FINE.split_inclusive(' ') {
                script.extend([wait_ms(20), send(part)]);
            }
            script.push(Act::Answered);
            script
        }
        Fault::EndWhenIdle => [ok(FINE), vec![Act::CloseHalf]].concat(),
        Fault::Redirects => {
            let left = hops_left(seen).unwrap_or(4) - 1;
            redirect(status, &format!("/chain/{left}"))
        }
        // Chunks are right sometimes, too.
        Fault::Answer if seen.place.is_multiple_of(2) => chunks(&["all ", "is fine", " here"]),
        Fault::Answer => ok(FINE),
    }
}

/// Who leaves no time between requests meets connections that end in the same
/// moment; who does, finds them ended.
fn plan_of(server: &Faults, seconds: u64, graceful_stop: &str) -> String {
    let target = server.url("/");
    format!(
        "
        plan: 1
        target: {target}
        defaults: {{ timeout: 2s }}
        users:
          hasty: {{ count: 8, wait: none, tasks: [read, write, change, mend, drop, ask] }}
          calm: {{ count: 24, wait: 50ms, tasks: {{ read: 3, write: 2, change: 1 }} }}
        tasks:
          read: [{{ get: /, expect: {{ contains: fine }} }}]
          write: [{{ post: /, form: {{ title: 'a b', body: 'ł' }} }}]
          change: [{{ put: /, body: 'new' }}]
          mend: [{{ patch: /, body: 'part' }}]
          drop: [{{ delete: / }}]
          ask: [{{ options: / }}]
        load: {{ users: 32, duration: {seconds}s, graceful_stop: {graceful_stop} }}
        "
    )
}

/// A run against the server, and the server's account of it.
async fn run(seconds: u64, graceful_stop: &str) -> (RunRecord, Faults, Account) {
    let server = Faults::start().await;
    let account = Arc::new(Mutex::new(Account::default()));
    server.on_every(misbehave(Arc::clone(&account), 7));
    let graph = running::compile(&plan_of(&server, seconds, graceful_stop));
    let record = running::real::run(graph, 2).await;
    // What was still on its way arrives.
    for _ in 0..100 {
        if server.open() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(
        server.open(),
        0,
        "whoever has left has closed its connections"
    );
    let mut account = std::mem::take(&mut *account.lock().unwrap());
    account.note_late(&server.late());
    (record, server, account)
}

/// All failures of each kind, whatever failed.
fn failures(record: &RunRecord) -> BTreeMap<FailureKind, u64> {
    let mut kinds = BTreeMap::new();
    for failure in &record.failures {
        *kinds.entry(failure.kind).or_default() += failure.count;
    }
    kinds
}

fn show(record: &RunRecord, server: &Faults, account: &Account) {
    let (total, counts) = (&record.total, server.counts());
    println!("what the server did:");
    for (fault, count) in &account.faults {
        println!("  {:<20} {count:>9}", format!("{fault:?}"));
    }
    println!("failures                the run's  the server's");
    let reported = failures(record);
    let kinds = reported.keys().chain(account.failures.keys());
    for kind in kinds.collect::<std::collections::BTreeSet<_>>() {
        let of = |map: &BTreeMap<FailureKind, u64>| map.get(kind).copied().unwrap_or_default();
        println!(
            "  {:<20} {:>9} {:>13}",
            kind.code(),
            of(&reported),
            of(&account.failures)
        );
    }
    println!("the run, after {:.1} s:", record.elapsed.as_secs_f64());
    println!(
        "  ok {} + failed {} + redirects {} + resent {} + interrupted {} = {}",
        total.ok,
        total.failed,
        total.redirects,
        total.resent,
        total.interrupted,
        sent(record)
    );
    println!("the server, over {} connections:", counts.connections);
    println!(
        "  arrived {} + arrived too late {} = {}; begun {}, answered {}, {} bytes sent",
        counts.arrived,
        counts.late,
        counts.arrived + counts.late,
        counts.begun,
        counts.answered,
        counts.sent_bytes
    );
}

/// Every request that went out, whatever became of it.
fn sent(record: &RunRecord) -> u64 {
    let total = &record.total;
    total.ok + total.failed + total.redirects + total.resent + total.interrupted
}

#[tokio::test]
async fn both_sides_count_the_same() {
    let seconds = env::var("PLAN_FAULTS_SECONDS").map_or(5, |text| text.parse().unwrap());
    let (record, server, account) = run(seconds, "30s").await;
    show(&record, &server, &account);

    let counts = server.counts();
    assert_eq!(record.total.interrupted, 0);
    assert_eq!(sent(&record), counts.arrived + counts.late);
    assert_eq!(counts.begun, counts.arrived + counts.late);
    assert_eq!(record.total.redirects, account.redirects);
    assert_eq!(record.total.resent, account.resent);
    assert_eq!(failures(&record), account.failures);
    assert_eq!(record.total.failed, account.failures.values().sum::<u64>());
    assert!(FAULTS.iter().all(|fault| account.faults[fault] > 0));
}

/// Cut off in the middle: what was under way may have arrived or not, and nothing
/// else is uncertain.
#[tokio::test]
async fn both_sides_count_the_same_but_for_what_was_cut_off() {
    let (record, server, account) = run(2, "0s").await;
    show(&record, &server, &account);

    let interrupted = record.total.interrupted;
    // Those whom nothing is answered to, at the least.
    assert!((1..=32).contains(&interrupted), "{interrupted}");
    let counts = server.counts();
    let arrived = counts.arrived + counts.late;
    assert!(arrived <= sent(&record));
    assert!(arrived >= sent(&record) - interrupted);
    let of_kinds: u64 = account.failures.values().sum();
    assert!(record.total.failed <= of_kinds);
    assert!(record.total.failed >= of_kinds - interrupted);
}
