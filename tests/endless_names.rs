//! A million names: memory that stays where it was, and a report that says who made
//! them. In a program of its own, because it looks at the memory of all of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod running;

use plan::{
    protocol::scripted::{Answer, Scripted},
    stats::{MAX_LEFT_OUT, MAX_NAMES, OTHER, RunRecord},
};
use running::{Run, compile, ms};

const REQUESTS: u64 = 1_000_000;
const USERS: u64 = 20;

/// Runs a plan of one step a million times, and says by how many KiB memory grew
/// after the first tenth of them.
async fn a_million(step: &str) -> (RunRecord, i64) {
    let plan = format!(
        "plan: 1\ntarget: http://target\nusers:\n  visitor:\n    wait: none\n    sequence:\n      \
         - {step}\nload: {{ users: {USERS}, iterations: {REQUESTS} }}\n"
    );
    let mut early_kib = None;
    let target = Scripted::new(|_| Answer::new(200, "").after(ms(1)));
    let run = Run::of(compile(&plan), target).workers(2);
    let record = run
        .go_watched(|snapshot| {
            if early_kib.is_none() && snapshot.requests >= REQUESTS / 10 {
                early_kib = Some(resident_kib());
            }
        })
        .await;
    let grown_kib = resident_kib() - early_kib.expect("a snapshot on the way");
    (record, grown_kib)
}

fn resident_kib() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap()
}

/// Memory that nine hundred thousand names more may take: what an allocator is
/// unsteady by, and not nine bytes for each.
const MOST_GROWN_KIB: i64 = 8 << 10;

#[tokio::test(start_paused = true)]
#[cfg(target_os = "linux")]
async fn a_million_names_take_the_memory_of_a_thousand_and_have_an_author() {
    let started = std::time::Instant::now();
    let step = "{ get: /post/7, name: 'GET /post/{{ user.id }}/{{ iteration }}' }";
    let (record, grown_kib) = a_million(step).await;
    eprintln!("{:?}, {grown_kib} KiB", started.elapsed());

    assert!(grown_kib < MOST_GROWN_KIB, "{grown_kib} KiB more");
    assert_eq!(record.total.ok, REQUESTS);
    assert_eq!(record.rows.len(), MAX_NAMES + 1);
    let other = record.rows.iter().find(|row| &*row.name == OTHER).unwrap();
    let own: u64 = record
        .rows
        .iter()
        .filter(|row| &*row.name != OTHER)
        .map(|row| row.ok)
        .sum();
    assert_eq!(
        (own, other.ok),
        (MAX_NAMES as u64, REQUESTS - MAX_NAMES as u64)
    );
    assert_eq!(record.names_left_out, MAX_LEFT_OUT as u64);
    let by: Vec<_> = record
        .left_out_by
        .iter()
        .map(|(step, n)| (&**step, *n))
        .collect();
    assert_eq!(
        by,
        [(
            "GET /post/{{ user.id }}/{{ iteration }} (plan.yaml:7)",
            other.ok
        )]
    );

    let started = std::time::Instant::now();
    let (record, grown_kib) = a_million("{ get: '/post/{{ user.id }}/{{ iteration }}' }").await;
    eprintln!("{:?}, {grown_kib} KiB", started.elapsed());
    assert!(grown_kib < MOST_GROWN_KIB, "{grown_kib} KiB more");
    let rows: Vec<_> = record.rows.iter().map(|row| (&*row.name, row.ok)).collect();
    assert_eq!(rows, [("GET /post/{user.id}/{iteration}", REQUESTS)]);
    assert_eq!((record.names_left_out, record.left_out_by), (0, vec![]));
}
