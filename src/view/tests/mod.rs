//! The room as its user sees it: screens, to the character.

mod live;

use std::{sync::Arc, time::Duration};

use indicatif::InMemoryTerm;

use super::{
    Title,
    bars::Bars,
    layout::{Line, Part, Size, frame},
    text::columns,
};
use crate::{
    base::{colour::Colour, threshold::Threshold},
    exchange::FailureKind,
    stats::{
        ClassSnapshot, FailingName, Outcome, Phase, Recent, Shortage, Snapshot, ThresholdResult,
        Warning,
    },
};

/// An hour into the flagship's run, and all is not well.
pub fn busy() -> Snapshot {
    Snapshot {
        elapsed: Duration::from_secs(4_800),
        ends_at: Some(Duration::from_secs(259_380)),
        iterations: (0, None),
        phase: Phase::Hold,
        stage: None,
        classes: vec![class("editor", 25, 25, 0), class("reader", 12, 25, 3)],
        requests: 123_456,
        failed: 12,
        recent: Recent {
            rate: 412.0,
            errors: Some(0.0012),
            p50: Some(Duration::from_millis(4)),
            p95: Some(Duration::from_millis(12)),
            p99: Some(Duration::from_millis(31)),
        },
        thresholds: vec![],
        failing: vec![
            failing("POST /create", FailureKind::Expectation, 12),
            failing("GET /", FailureKind::ConnectTimeout, 1),
        ],
        log: [].into(),
        log_before: 0,
        log_left_out: 0,
        left_out_by: None,
        warnings: Arc::default(),
        unkept: None,
    }
}

/// A threshold that was measured so far.
pub fn judged(text: &str, measured: Option<f64>) -> ThresholdResult {
    let threshold: Threshold = text.parse().expect(text);
    let outcome = match measured {
        None => Outcome::NoData,
        Some(value) if threshold.holds(value) => Outcome::Pass,
        Some(_) => Outcome::Fail,
    };
    ThresholdResult {
        threshold,
        measured,
        outcome,
        worst: None,
        aborted_at: None,
    }
}

/// The first moment of the same run.
pub fn empty() -> Snapshot {
    Snapshot {
        elapsed: Duration::ZERO,
        phase: Phase::RampUp,
        stage: None,
        classes: vec![class("editor", 0, 25, 0), class("reader", 0, 25, 0)],
        requests: 0,
        failed: 0,
        recent: Recent {
            rate: 0.0,
            errors: None,
            p50: None,
            p95: None,
            p99: None,
        },
        failing: Vec::new(),
        ..busy()
    }
}

fn class(name: &str, users: u64, planned: u64, failed_starts: u64) -> ClassSnapshot {
    ClassSnapshot {
        name: name.into(),
        users,
        planned,
        failed_starts,
        dropped: None,
    }
}

fn failing(name: &str, kind: FailureKind, count: u64) -> FailingName {
    FailingName {
        name: name.into(),
        kind,
        count,
    }
}

fn title() -> Title {
    Title {
        plan: "Flaskr endurance".to_owned(),
        target: "http://127.0.0.1:5000".to_owned(),
    }
}

fn bars(terminal: &InMemoryTerm, colour: Colour) -> Bars {
    Bars::new(terminal.clone(), colour, Arc::default())
}

/// What stands on a terminal after a snapshot was shown.
fn screen(snapshot: &Snapshot, columns: u16, rows: u16) -> String {
    let terminal = InMemoryTerm::new(rows, columns);
    let mut bars = bars(&terminal, Colour::Plain);
    bars.show(frame(
        &title(),
        Some((snapshot, snapshot.elapsed)),
        Size { columns, rows },
    ));
    terminal.contents()
}

#[test]
fn a_run_on_a_common_terminal() {
    assert_eq!(
        screen(&busy(), 80, 24),
        "\
Flaskr endurance  → http://127.0.0.1:5000
────────────────────  01:20:00 / 72:03:00  ETA 70:43:00  full load
editor  ━━━━━━━━━━  25/25 users
reader  ━━━━──────  12/25 users  3 failed starts
412.0/s  errors 0.12%  p50 4ms  p95 12ms  p99 31ms  123,456 requests
POST /create  12 failures, mostly expectation
GET /         1 failure, connect_timeout"
    );
}

#[test]
fn the_most_urgent_warning_has_a_line() {
    let mut short = busy();
    let warning = |shortage, worst| Warning {
        shortage,
        from: Duration::ZERO,
        to: Duration::from_secs(4),
        worst,
    };
    short.warnings = [
        warning(Shortage::Files, 0.93),
        warning(Shortage::Worker, 0.99),
    ]
    .into();
    let shown = screen(&short, 80, 8);
    assert_eq!(
        shown,
        "\
Flaskr endurance  → http://127.0.0.1:5000
────────────────────  01:20:00 / 72:03:00  ETA 70:43:00  full load
editor  ━━━━━━━━━━  25/25 users
reader  ━━━━──────  12/25 users  3 failed starts
412.0/s  errors 0.12%  p50 4ms  p95 12ms  p99 31ms  123,456 requests
generator  open files: 93% of the limit
POST /create  12 failures, mostly expectation
GET /         1 failure, connect_timeout"
    );
}

#[test]
fn the_first_moment_has_no_numbers_and_says_so() {
    assert_eq!(
        screen(&empty(), 80, 24),
        "\
Flaskr endurance  → http://127.0.0.1:5000
────────────────────  00:00:00 / 72:03:00  ETA 72:03:00  ramp up
editor  ──────────  0/25 users
reader  ──────────  0/25 users
0.00/s  errors –  p50 –  p95 –  p99 –  (last 10 s)  0 requests"
    );
}

#[test]
fn before_the_first_snapshot_the_run_is_starting() {
    let terminal = InMemoryTerm::new(24, 80);
    let size = Size {
        columns: 80,
        rows: 24,
    };
    let mut bars = bars(&terminal, Colour::Plain);
    bars.show(frame(&title(), None, size));
    assert_eq!(
        terminal.contents(),
        "Flaskr endurance  → http://127.0.0.1:5000\nstarting"
    );
}

#[test]
fn the_run_has_a_line_for_each_stage() {
    let mut snapshot = empty();
    snapshot.classes.clear();
    snapshot.ends_at = Some(Duration::from_secs(80));
    #[rustfmt::skip]
    let rows = [
        ( 0, Phase::RampUp,   "────────────────────  00:00:00 / 00:01:20  ETA 00:01:20  ramp up"),
        (20, Phase::Hold,     "━━━━━───────────────  00:00:20 / 00:01:20  ETA 00:01:00  full load"),
        (79, Phase::RampDown, "━━━━━━━━━━━━━━━━━━━─  00:01:19 / 00:01:20  ETA 00:00:01  ramp down"),
        (80, Phase::Draining, "━━━━━━━━━━━━━━━━━━━━  00:01:20 / 00:01:20  finishing running tasks"),
        (95, Phase::Draining, "━━━━━━━━━━━━━━━━━━━━  00:01:35 / 00:01:20  finishing running tasks"),
        (96, Phase::Ended,    "━━━━━━━━━━━━━━━━━━━━  00:01:36 / 00:01:20  ended"),
    ];
    for (seconds, phase, line) in rows {
        snapshot.elapsed = Duration::from_secs(seconds);
        snapshot.phase = phase;
        let screen = screen(&snapshot, 80, 24);
        assert_eq!(screen.lines().nth(1), Some(line), "{phase:?}");
    }
    // Every filling of a gauge is drawn as it was asked for.
    snapshot.phase = Phase::Hold;
    for tenth in 0..=160_usize {
        snapshot.elapsed = Duration::from_millis(500) * tenth as u32;
        let screen = screen(&snapshot, 160, 24);
        assert_eq!(screen.matches('━').count(), tenth / 4, "{tenth}");
        assert_eq!(screen.matches('─').count(), 40 - tenth / 4, "{tenth}");
    }
}

#[test]
fn a_stage_is_called_by_its_name_and_who_is_dropped_is_told_of() {
    let mut snapshot = busy();
    snapshot.stage = Some("the crowd".into());
    snapshot.classes[0].dropped = Some(0);
    snapshot.classes[1].dropped = Some(1_234);
    let shown = screen(&snapshot, 80, 24);
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines[1].ends_with("  the crowd"), "{shown}");
    assert!(lines[2].ends_with("  25 of at most 25 users"), "{shown}");
    assert!(
        lines[3].ends_with("  12 of at most 25 users  1,234 dropped  3 failed starts"),
        "{shown}"
    );
    // At its end it is over, whatever the stage was called.
    snapshot.phase = Phase::Draining;
    let shown = screen(&snapshot, 80, 24);
    assert!(shown.contains("finishing running tasks"), "{shown}");
    let narrow = screen(&snapshot, 40, 24);
    assert!(
        narrow.lines().all(|line| line.chars().count() <= 40),
        "{narrow}"
    );
}

#[test]
fn a_run_that_ends_with_its_iterations_counts_them() {
    let mut snapshot = empty();
    snapshot.classes.clear();
    snapshot.elapsed = Duration::from_secs(20);
    snapshot.phase = Phase::Hold;
    #[rustfmt::skip]
    let rows = [
        // Without a duration they are what the gauge shows, and nobody knows how long.
        (None,     (110, Some(440)), "━━━━━───────────────  00:00:20  110 of 440 iterations  full load"),
        (None,     (440, Some(440)), "━━━━━━━━━━━━━━━━━━━━  00:00:20  440 of 440 iterations  full load"),
        (Some(80), (1, Some(1)),     "━━━━━───────────────  00:00:20 / 00:01:20  1 of 1 iteration  ETA 00:01:00"),
        (Some(80), (7, None),        "━━━━━───────────────  00:00:20 / 00:01:20  ETA 00:01:00  full load"),
    ];
    for (ends_at_s, iterations, line) in rows {
        snapshot.ends_at = ends_at_s.map(Duration::from_secs);
        snapshot.iterations = iterations;
        let screen = screen(&snapshot, 80, 24);
        assert_eq!(screen.lines().nth(1), Some(line), "{iterations:?}");
    }
}

#[test]
fn narrow_terminals_lose_fields_but_no_digits() {
    assert_eq!(
        screen(&busy(), 40, 24),
        "\
Flaskr endurance  → http://127.0.0.1:50…
01:20:00 / 72:03:00  ETA 70:43:00
editor  25/25 users
reader  12/25 users  3 failed starts
412.0/s  errors 0.12%  p50 4ms  p95 12ms
POST /create  12 failures
GET /         1 failure, connect_timeout"
    );
    assert_eq!(
        screen(&busy(), 12, 24),
        "\
Flaskr endu…
edi…
rea…
412.0/s
POST …
GET /"
    );
}

fn width(line: &Line) -> usize {
    line.parts
        .iter()
        .map(|part| match part {
            Part::Text(text, _) => columns(text),
            Part::Gauge { columns, .. } => usize::from(*columns),
        })
        .sum()
}

#[test]
fn no_line_is_ever_wider_than_the_terminal() {
    let mut snapshot = busy();
    snapshot
        .classes
        .push(class("文文文文文文文文文文", 1, 1, u64::MAX));
    snapshot.failing.push(failing(
        "GET /🦀łódź/{very}/long/name/of/a/request/that/goes/on",
        FailureKind::TooManyRedirects,
        u64::MAX,
    ));
    snapshot.recent.rate = 1e15;
    for columns in 1..200_u16 {
        let size = Size { columns, rows: 24 };
        for line in frame(&title(), Some((&snapshot, snapshot.elapsed)), size) {
            assert!(width(&line) <= usize::from(columns), "{columns}: {line:?}");
        }
        // Nothing wrapped: there are as many rows as lines.
        let rows = screen(&snapshot, columns, 24).lines().count();
        assert!(rows <= 9, "{columns} columns, {rows} rows");
    }
}

#[test]
fn classes_beyond_eight_or_beyond_the_terminal_share_a_line() {
    let mut snapshot = empty();
    snapshot.classes = (1..=11)
        .map(|number| class(&format!("class {number}"), number, 10, number / 10))
        .collect();
    assert_eq!(
        screen(&snapshot, 59, 24),
        "\
Flaskr endurance  → http://127.0.0.1:5000
00:00:00 / 72:03:00  ETA 72:03:00  ramp up
class 1  1/10 users
class 2  2/10 users
class 3  3/10 users
class 4  4/10 users
class 5  5/10 users
class 6  6/10 users
class 7  7/10 users
class 8  8/10 users
3 more   30/30 users  2 failed starts
0.00/s  errors –  p50 –  p95 –  p99 –  0 requests"
    );
    assert_eq!(
        screen(&snapshot, 59, 6),
        "\
Flaskr endurance  → http://127.0.0.1:5000
00:00:00 / 72:03:00  ETA 72:03:00  ramp up
class 1  1/10 users
class 2  2/10 users
9 more   63/90 users  2 failed starts
0.00/s  errors –  p50 –  p95 –  p99 –  0 requests"
    );
    assert_eq!(
        screen(&snapshot, 59, 4),
        "\
Flaskr endurance  → http://127.0.0.1:5000
00:00:00 / 72:03:00  ETA 72:03:00  ramp up
11 classes  66/110 users  2 failed starts
0.00/s  errors –  p50 –  p95 –  p99 –  0 requests"
    );
}

#[test]
fn huge_numbers_stay_readable() {
    let mut snapshot = busy();
    snapshot.elapsed = Duration::from_secs(31_622_400);
    snapshot.ends_at = Some(Duration::from_secs(31_622_400));
    snapshot.classes = vec![class("all", 1_000_000, 1_000_000, 1)];
    snapshot.requests = u64::MAX;
    snapshot.recent.rate = 123_456.78;
    snapshot.recent.errors = Some(1.0);
    snapshot.recent.p99 = Some(Duration::from_secs(90));
    snapshot.failing = vec![failing("x", FailureKind::Dns, 1_000_000)];
    assert_eq!(
        screen(&snapshot, 120, 24),
        "\
Flaskr endurance  → http://127.0.0.1:5000
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  8784:00:00 / 8784:00:00  ETA 00:00:00  full load
all  ━━━━━━━━━━  1,000,000/1,000,000 users  1 failed start
123,456.8/s  errors 100%  p50 4ms  p95 12ms  p99 1m30s  (last 10 s)  18,446,744,073,709,551,615 requests
x  1,000,000 failures, mostly dns"
    );
}

#[test]
fn names_cannot_move_the_cursor() {
    let mut snapshot = busy();
    snapshot.classes = vec![class("a\x1b[2J\nb", 1, 1, 0)];
    snapshot.failing = vec![failing("GET \r\x1b]0;title\x07/", FailureKind::Status, 2)];
    let screen = screen(&snapshot, 59, 24);
    assert_eq!(screen.lines().nth(2), Some("a?[2J?b  1/1 user"));
    assert_eq!(
        screen.lines().last(),
        Some("GET ??]0;title?/  2 failures, mostly status")
    );
}

#[test]
fn a_frame_replaces_the_one_before() {
    let terminal = InMemoryTerm::new(24, 59);
    let size = Size {
        columns: 59,
        rows: 24,
    };
    let mut bars = bars(&terminal, Colour::Plain);
    let show = |bars: &mut Bars, snapshot: &Snapshot| {
        bars.show(frame(&title(), Some((snapshot, snapshot.elapsed)), size));
        terminal.contents()
    };
    let quiet = show(&mut bars, &empty());
    let failing = show(&mut bars, &busy());
    assert_eq!(failing, screen(&busy(), 59, 24));
    // Fewer lines leave nothing behind.
    assert_eq!(show(&mut bars, &empty()), quiet);
    terminal.moves_since_last_check();
    show(&mut bars, &empty());
    assert_eq!(terminal.moves_since_last_check(), "", "nothing has changed");
    bars.clear();
    assert_eq!(terminal.contents(), "");
}

#[test]
fn colour_codes_are_there_only_when_wanted() {
    let codes = |colour| {
        let terminal = InMemoryTerm::new(24, 80);
        let size = Size {
            columns: 80,
            rows: 24,
        };
        let mut bars = bars(&terminal, colour);
        bars.show(frame(&title(), Some((&busy(), busy().elapsed)), size));
        assert_eq!(terminal.contents(), screen(&busy(), 80, 24));
        terminal
            .moves_since_last_check()
            .matches("\\u{1b}[")
            .count()
    };
    assert_eq!(codes(Colour::Plain), 0);
    assert!(codes(Colour::Coloured) > 0);
}

/// Below all else stands how the thresholds stand: broken ones first, whole or not at all.
#[test]
fn thresholds_stand_below_the_numbers() {
    let mut snapshot = busy();
    snapshot.thresholds = vec![
        judged("errors < 1%", Some(0.0)),
        judged("p95 < 300ms", Some(412_000.0)),
        judged("p95 of \"GET /never\" < 1s", None),
        judged("max < 10s", Some(9e6)),
    ];
    let title = Title {
        plan: "endurance".to_owned(),
        target: "http://x".to_owned(),
    };
    let lines = |columns| {
        let size = Size { columns, rows: 24 };
        let frame = frame(&title, Some((&snapshot, snapshot.elapsed)), size);
        let text = |line: &Line| {
            let parts = line.parts.iter().map(|part| match part {
                Part::Text(text, _) => text.as_str(),
                Part::Gauge { .. } => "",
            });
            parts.collect::<String>()
        };
        frame
            .iter()
            .rev()
            .take(3)
            .rev()
            .map(text)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        lines(80),
        [
            "✗ p95 < 300ms  was 412ms",
            "? p95 of \"GET /never\" < 1s  nothing was measured",
            "✓ errors < 1%  was 0%  and 1 more",
        ]
    );
    assert_eq!(
        lines(16),
        ["✗ p95 < 300ms", "? p95 of \"GET /…", "✓ errors < 1%"]
    );
}
