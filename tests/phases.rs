//! Where the time of requests went, from a plan to what people and programs read of it.
//!
//! On a paused clock and against a script, so that each number is known beforehand.
//! What a phase really is, and against real servers, is told in `tests/http/phases.rs`.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

mod running;

use plan::{
    base::colour::Colour,
    exchange::{Failure, FailureKind, PhaseKind},
    protocol::scripted::{Answer, Scripted},
    report::{self, Layout},
    stats::RunRecord,
};
use running::{Run, compile, ms};
use serde_json::json;

/// The section, as a terminal of a width shows it.
fn section(record: &RunRecord, width: usize) -> Option<String> {
    let layout = Layout {
        width,
        colour: Colour::Plain,
    };
    let text = report::render(record, layout);
    let mut sections = text.split("\n\n");
    let found = sections.find(|section| section.starts_with("Phases\n"))?;
    for line in found.lines() {
        let chars = line.chars().count();
        assert!(chars <= width, "{chars} of {width}: {line}");
    }
    Some(found.to_owned())
}

/// Users who each go once through `/`, `/two` and `/three`.
async fn run(target: Scripted) -> RunRecord {
    let plan = "
        plan: 1
        target: https://shop.example
        users:
          a: { wait: none, sequence: [{ get: / }, { get: /two, on_fail: continue }, { get: /three }] }
        load: { users: 20, per_user: 1 }
        ";
    Run::of(compile(plan), target).go().await
}

/// The first request of a user opens a connection, that of every fifth one slowly.
fn shop() -> Scripted {
    Scripted::new(|asked| match asked.request.url.path() {
        "/" => {
            let slow = if asked.user % 5 == 0 { 10 } else { 1 };
            Answer::new(200, "")
                .opening([
                    (PhaseKind::Dns, ms(2 * slow)),
                    (PhaseKind::Connect, ms(3 * slow)),
                    (PhaseKind::Tls, ms(7 * slow)),
                ])
                .after(ms(20))
                .receiving(ms(5))
        }
        "/two" => {
            let reset = Failure::new(FailureKind::Reset, "reset");
            let connect = [(PhaseKind::Connect, ms(3))];
            Answer::failed(reset).opening(connect).after(ms(50))
        }
        _ => Answer::new(200, "").after(ms(40)),
    })
}

#[tokio::test(start_paused = true)]
async fn the_report_shows_connections_and_the_times_of_each_phase() {
    let record = run(shop()).await;
    let wide = "
Phases
                          dns        connect       tls       waiting    receiving
              opened   mean   p95   mean   p95  mean   p95  mean   p95   mean  p95
  GET /           20  5.6ms  20ms  8.4ms  30ms  20ms  70ms  20ms  20ms    5ms  5ms
  GET /three       0      –     –      –     –     –     –  40ms  40ms     0s   0s
  GET /two        20      –     –    3ms   3ms     –     –     –     –      –    –
  total           40  5.6ms  20ms  5.7ms  30ms  20ms  70ms  30ms  40ms  2.5ms  5ms
";
    assert_eq!(section(&record, 120).unwrap(), wide.trim());
    let narrow = "
Phases
                       dns     connect       tls       waiting    receiving
              opened   mean   mean   p95  mean   p95  mean   p95   mean  p95
  GET /           20  5.6ms  8.4ms  30ms  20ms  70ms  20ms  20ms    5ms  5ms
  GET /three       0      –      –     –     –     –  40ms  40ms     0s   0s
  GET /two        20      –    3ms   3ms     –     –     –     –      –    –
  total           40  5.6ms  5.7ms  30ms  20ms  70ms  30ms  40ms  2.5ms  5ms
  (too narrow for: p95 of dns)
";
    assert_eq!(section(&record, 80).unwrap(), narrow.trim());
}

/// The numbers of the summary are those of the section, unrounded.
#[tokio::test(start_paused = true)]
async fn the_summary_has_each_phase_of_each_row() {
    let record = run(shop()).await;
    let summary = report::summary(&record);
    let row = &summary["rows"][0];
    assert_eq!(row["name"], "GET /");
    assert_eq!(row["connections"], 20);
    let phases = &row["phases"];
    assert_eq!(
        phases["tls"],
        json!({
            "count": 20, "mean_us": 19_600, "p50_us": 7_007, "p95_us": 70_000,
            "p99_us": 70_000, "max_us": 70_000,
        })
    );
    let nothing = json!({
        "count": 0, "mean_us": null, "p50_us": null, "p95_us": null, "p99_us": null,
        "max_us": null,
    });
    assert_eq!(summary["rows"][1]["phases"]["dns"], nothing);
    // What was reset was never answered, but its connection was there.
    let two = &summary["rows"][2];
    assert_eq!(two["phases"]["waiting"], nothing);
    assert_eq!(two["phases"]["connect"]["count"], 20);
    assert_eq!(two["connections"], 20);
    assert_eq!(summary["total"]["connections"], 40);
    assert_eq!(summary["total"]["phases"]["waiting"]["count"], 40);
    let of_all: u64 = ["dns", "connect", "tls", "waiting", "receiving"]
        .iter()
        .map(|kind| phases[kind]["mean_us"].as_u64().unwrap())
        .sum();
    assert_eq!(row["service"]["mean_us"], of_all, "they add up");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_said_where_no_time_went() {
    let record = run(Scripted::always(200)).await;
    assert_eq!(section(&record, 120), None);
    let record = run(Scripted::new(|_| Answer::new(200, "").opening([]))).await;
    let opened = section(&record, 80).unwrap();
    assert!(opened.contains("\n  total           60 "), "{opened}");
}

#[tokio::test(start_paused = true)]
async fn of_many_names_those_are_shown_that_let_wait_longest() {
    let gets: String = (1..=13).map(|n| format!("{{ get: /{n} }},")).collect();
    let plan = format!(
        "
        plan: 1
        target: http://t
        users: {{ a: {{ wait: none, sequence: [{gets}] }} }}
        load: {{ users: 1, per_user: 1 }}
        "
    );
    let target = Scripted::new(|asked| {
        let n: u64 = asked.request.url.path()[1..].parse().unwrap();
        Answer::new(200, "").after(ms(n))
    });
    let record = Run::of(compile(&plan), target).go().await;
    let section = section(&record, 80).unwrap();
    let names: Vec<_> = section.lines().skip(3).map(str::trim).collect();
    let names: Vec<_> = names
        .iter()
        .map(|line| line.split("  ").next().unwrap())
        .collect();
    let mut expected: Vec<_> = (4..=13).rev().map(|n| format!("GET /{n}")).collect();
    expected.push("total".to_owned());
    expected.push("and 3 more names with less waiting".to_owned());
    assert_eq!(names, expected);
}

/// What an exchange had been through when the end of the run cut it off.
#[tokio::test(start_paused = true)]
async fn what_is_cut_off_has_the_phases_that_it_came_through() {
    let plan = "
        plan: 1
        target: http://t
        users: { a: { wait: none, tasks: [t] } }
        tasks: { t: [{ get: / }] }
        load: { users: 1, duration: 10s, graceful_stop: 1s }
        ";
    let target = Scripted::new(|_| {
        let connect = [(PhaseKind::Connect, ms(100)), (PhaseKind::Tls, ms(20_000))];
        Answer::new(200, "").opening(connect).after(ms(1))
    });
    let record = Run::of(compile(plan), target).go().await;
    assert_eq!(record.total.interrupted, 1);
    assert_eq!(record.total.connections, 1);
    let times = |kind| record.total.phase(kind).map(|times| times.max().unwrap());
    assert_eq!(times(PhaseKind::Connect), Some(ms(100)));
    assert_eq!(times(PhaseKind::Tls), None);
    assert_eq!(times(PhaseKind::Waiting), None);
}
