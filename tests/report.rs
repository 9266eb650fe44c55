//! Reports as people and programs get them, from samples to the last line.

use std::{sync::Arc, time::Duration};

use plan::{
    base::{
        colour::Colour,
        ids::{ClassId, RowId, SkipId},
        threshold::Judged,
    },
    exchange::{Example, ExampleAnswer, Failure, FailureKind, Phases, Timing, curl::Curl},
    profile::{Model, Profile, Stages},
    report::{self, Layout},
    stats::{
        Ended, Recorder, RunMeta, RunRecord, Sample, Schedule, ScheduledLoad, Series, UserEvent,
    },
};

#[test]
fn a_run_that_passed() {
    Run::new(["GET /", "POST /create", "GET /never"])
        .requests("GET /", 1..=1_000, None)
        .requests("POST /create", 20..=40, None)
        .redirects("POST /create", 21)
        .passes(0, 12)
        .passes(1, 1)
        .skips(3)
        .log_lines(25)
        .thresholds(&[
            "errors < 0.1%",
            "p95 < 1s",
            "p99 of \"POST /create\" < 300ms",
        ])
        .text(
            120,
            r#"
flaskr endurance
  target   http://127.0.0.1:5000
  run      k3v9, seed 7
  plan     3f2a9c81b2d4, run by version 0.1.0
  started  2026-11-22T19:21:00Z, took 50s on 1 worker
  load     3 users, 2s ramp-up, 48s at full load
  waits    × 0.01

name          requests  failed    rate  received   min   mean    p50    p90    p95    p99   max
───────────────────────────────────────────────────────────────────────────────────────────────
GET /             1000       0    20/s    12.3MB   1ms  500ms  500ms  900ms  950ms  990ms    1s
GET /never           0       0     0/s        0B     -      -      -      -      -      -     -
POST /create        22       0  0.44/s     259kB  20ms   30ms   30ms   38ms   39ms   40ms  40ms
───────────────────────────────────────────────────────────────────────────────────────────────
total             1022       0  20.4/s    12.6MB   1ms  490ms  489ms  898ms  949ms  990ms    1s

Redirects followed, each a part of its request: 21
Lines of the log not shown, too many at a time: 5

Users
  editor  2 planned, 2 started, 12 iterations
  reader  1 planned, 1 started, 1 iteration

Skipped steps
  POST /{id}/delete  3

Thresholds
  ✓ PASS     errors < 0.1%                  was 0%
  ✓ PASS     p95 < 1s                       was 949ms
  ✓ PASS     p99 of "POST /create" < 300ms  was 40ms

PASSED: all 3 thresholds hold (exit 0)
"#,
        );
}

#[test]
fn a_run_with_failures() {
    Run::new(["GET /", "POST /create"])
        .requests("GET /", 100..=200, None)
        .requests("POST /create", 20..=40, None)
        .requests(
            "POST /create",
            300..=311,
            Some((
                FailureKind::Status,
                "expected status below 400, got 500",
                "POST http://127.0.0.1:5000/create",
            )),
        )
        .requests(
            "GET /",
            5_000..=5_000,
            Some((
                FailureKind::Reset,
                "connection reset\nby \u{1b}[31mpeer",
                "GET http://127.0.0.1:5000/",
            )),
        )
        .failed_starts(2)
        .thresholds(&["errors < 0.1%", "p95 < 300ms", "p95 of \"GET /x\" < 1s"])
        .text(
            120,
            r#"
flaskr endurance
  target   http://127.0.0.1:5000
  run      k3v9, seed 7
  plan     3f2a9c81b2d4, run by version 0.1.0
  started  2026-11-22T19:21:00Z, took 50s on 1 worker
  load     3 users, 2s ramp-up, 48s at full load
  waits    × 0.01

name          requests      failed    rate  received    min   mean    p50    p90    p95    p99    max
─────────────────────────────────────────────────────────────────────────────────────────────────────
GET /              102   1 (0.98%)  2.04/s    1.26MB  100ms  150ms  150ms  190ms  195ms  199ms  200ms
POST /create        33  12 (36.4%)  0.66/s     407kB   20ms  130ms   36ms  308ms  310ms  311ms  311ms
─────────────────────────────────────────────────────────────────────────────────────────────────────
total              135  13 (9.63%)   2.7/s    1.67MB   20ms  145ms  145ms  199ms  305ms  310ms  311ms

Users whose on_start failed: 2

Users
  editor  2 planned, 4 started, 0 iterations, 2 failed to start
  reader  1 planned, 1 started, 0 iterations

Failures
  12 × status in POST /create, first after 1.3s, last after 4.67s
       expected status below 400, got 500
       POST http://127.0.0.1:5000/create
   1 × reset in GET /, after 6s
       connection reset by ␛[31mpeer
       GET http://127.0.0.1:5000/

Thresholds
  ✗ FAIL     errors < 0.1%         was 9.63%
  ✗ FAIL     p95 < 300ms           was 305ms
  ? NO DATA  p95 of "GET /x" < 1s  nothing was measured

FAILED: 2 of 3 thresholds do not hold: errors < 0.1% was 9.63%; p95 < 300ms was 305ms (exit 1)
"#,
        );
}

/// As many ways to fail as there are shapes of examples.
#[test]
fn failures_show_what_was_asked_and_what_came() {
    let reset = Example {
        detail: "the connection was reset".to_owned(),
        request: "GET http://127.0.0.1:5000/".to_owned(),
        curl: curl(&["curl -i", "http://127.0.0.1:5000/"]),
        answer: None,
    };
    let unsent = Example {
        detail: "`post.id` has no value".to_owned(),
        request: "GET (not sent)".to_owned(),
        curl: None,
        answer: None,
    };
    Run::new(["GET /"])
        .failures(
            "POST /auth/login",
            12,
            FailureKind::Status,
            &refused_login(),
        )
        .failures("POST /create", 3, FailureKind::Expectation, &long_post())
        .failures("GET /", 2, FailureKind::Reset, &reset)
        .failures("GET /{post.id}", 1, FailureKind::Template, &unsent)
        .default_thresholds()
        .failure_text(
            100,
            r#"
Failures
  12 × status in POST /auth/login, first after 1s, last after 12s
       expected status below 400, got 403
       curl -i http://127.0.0.1:5000/auth/login -H 'cookie: session=***' \
         -H 'content-type: application/x-www-form-urlencoded' \
         --data-raw 'username=ada&password=***'
       < 403 · content-type: text/html; charset=utf-8 · server: gunicorn
       < <!doctype html> <html> <title>403 Forbidden</title> <h1>Forbidden</h1> <p>The username or …
   3 × expectation in POST /create, first after 1s, last after 3s
       expected to end at `/`, ended at `/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…
       curl -i http://127.0.0.1:5000/create --data-raw 'body=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
       (the command has 955 characters: see `--json`)
       (and 3 more headers)
       < 200
   2 × reset in GET /, first after 1s, last after 2s
       the connection was reset
       curl -i http://127.0.0.1:5000/
   1 × template in GET /{post.id}, after 1s
       `post.id` has no value
       GET (not sent)
"#,
        );
}

#[test]
fn examples_beyond_the_bound_of_a_run_are_counted() {
    let example = Example {
        detail: "reset".to_owned(),
        request: "GET http://127.0.0.1:5000/".to_owned(),
        curl: curl(&["curl -i", "http://127.0.0.1:5000/"]),
        answer: None,
    };
    let mut run = Run::new(["GET /"]).default_thresholds();
    for n in 100..200 {
        run = run.failures(&format!("GET /{n}"), 3, FailureKind::Reset, &example);
    }
    let late = Some((
        FailureKind::Reset,
        "reset",
        "GET http://127.0.0.1:5000/late",
    ));
    let text = run.requests("GET /late", [5_000; 4], late).plain(100);
    let start = text.find("Failures\n").expect("failures");
    assert_lines(
        &text[start..],
        &format!(
            "
Failures
  4 × reset in GET /late, first after 6s, last after 21s
      (no example: the run has 300 others)
{}{}  and 81 more by name and kind
  Examples not kept, since the run has 300: 3

Thresholds (the default, because the plan has none)
  ✗ FAIL     errors < 1%  was 100%

FAILED: 1 of 1 threshold does not hold: errors < 1% was 100% (exit 1)
",
            rows(
                100..109,
                "      reset\n      curl -i http://127.0.0.1:5000/\n"
            ),
            // The rarer ones say less.
            rows(109..119, "      reset\n"),
        ),
    );
}

fn rows(names: std::ops::Range<u32>, example: &str) -> String {
    let row = |n| format!("  3 × reset in GET /{n}, first after 1s, last after 3s\n{example}");
    names.map(row).collect()
}

#[test]
fn an_interrupted_run() {
    Run::new(["GET /"])
        .requests("GET /", 10..=30, None)
        .interrupted("GET /", 3)
        .ended(Ended::Interrupted)
        .thresholds(&["p95 < 1s"])
        .text(
            120,
            r#"
flaskr endurance
  target   http://127.0.0.1:5000
  run      k3v9, seed 7
  plan     3f2a9c81b2d4, run by version 0.1.0
  started  2026-11-22T19:21:00Z, took 50s on 1 worker
  load     3 users, 2s ramp-up, 48s at full load
  waits    × 0.01

name   requests  failed    rate  received   min  mean   p50   p90   p95   p99   max
───────────────────────────────────────────────────────────────────────────────────
GET /        21       0  0.42/s     259kB  10ms  20ms  20ms  28ms  29ms  30ms  30ms
───────────────────────────────────────────────────────────────────────────────────
total        21       0  0.42/s     259kB  10ms  20ms  20ms  28ms  29ms  30ms  30ms

Requests interrupted by the end of the run, neither ok nor failed: 3

Users
  editor  2 planned, 2 started, 0 iterations
  reader  1 planned, 1 started, 0 iterations

Thresholds
  ✓ PASS     p95 < 1s  was 29ms

INTERRUPTED by SIGINT after 50s, until then passed: the threshold p95 < 1s holds (exit 130)
"#,
        );
}

#[test]
fn a_run_without_a_request_judged_by_the_default() {
    Run::new(["GET /", "POST /create"])
        .default_thresholds()
        .text(
            120,
            r#"
flaskr endurance
  target   http://127.0.0.1:5000
  run      k3v9, seed 7
  plan     3f2a9c81b2d4, run by version 0.1.0
  started  2026-11-22T19:21:00Z, took 50s on 1 worker
  load     3 users, 2s ramp-up, 48s at full load

name          requests  failed  rate  received  min  mean  p50  p90  p95  p99  max
──────────────────────────────────────────────────────────────────────────────────
GET /                0       0   0/s        0B    -     -    -    -    -    -    -
POST /create         0       0   0/s        0B    -     -    -    -    -    -    -
──────────────────────────────────────────────────────────────────────────────────
total                0       0   0/s        0B    -     -    -    -    -    -    -

Users
  editor  2 planned, 2 started, 0 iterations
  reader  1 planned, 1 started, 0 iterations

Thresholds (the default, because the plan has none)
  ? NO DATA  errors < 1%  nothing was measured

INCONCLUSIVE: no request was made (exit 4)
"#,
        );
}

#[test]
fn a_narrow_terminal_gets_fewer_columns() {
    let run = || {
        Run::new(["GET /", "POST /create"])
            .requests("GET /", 1..=1_000, None)
            .requests("POST /create", 20..=40, None)
            .default_thresholds()
    };
    run().table(
        80,
        r#"
name          requests  failed    rate   mean    p50    p95    p99   max
────────────────────────────────────────────────────────────────────────
GET /             1000       0    20/s  500ms  500ms  950ms  990ms    1s
POST /create        21       0  0.42/s   30ms   30ms   39ms   40ms  40ms
────────────────────────────────────────────────────────────────────────
total             1021       0  20.4/s  491ms  490ms  949ms  990ms    1s
(too narrow for: min, p90, received)
"#,
    );
    run().table(
        40,
        r#"
name          requests  failed    p95    p99
────────────────────────────────────────────
GET /             1000       0  950ms  990ms
POST /create        21       0   39ms   40ms
────────────────────────────────────────────
total             1021       0  949ms  990ms
(too narrow for: min, p90, received, mean, rate, p50, max)
"#,
    );
}

#[test]
fn long_names_are_shortened_in_the_middle_when_there_is_no_room() {
    let long = "POST /a/rather/deep/path/{that}/goes/{on}/and/on/until/it/ends/here";
    let run = || {
        Run::new(["GET /", long])
            .requests("GET /", 1..=100, None)
            .requests(long, 20..=40, None)
            .default_thresholds()
    };
    run().table(
        160,
        r#"
name                                                                 requests  failed    rate  received   min    mean   p50     p90   p95   p99    max
──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
GET /                                                                     100       0     2/s    1.23MB   1ms  50.5ms  50ms    90ms  95ms  99ms  100ms
POST /a/rather/deep/path/{that}/goes/{on}/and/on/until/it/ends/here        21       0  0.42/s     259kB  20ms    30ms  30ms    38ms  39ms  40ms   40ms
──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
total                                                                     121       0  2.42/s    1.49MB   1ms  46.9ms  40ms  88.1ms  94ms  99ms  100ms
"#,
    );
    run().table(
        100,
        r#"
name                                       requests  failed    rate    mean   p50   p95   p99    max
────────────────────────────────────────────────────────────────────────────────────────────────────
GET /                                           100       0     2/s  50.5ms  50ms  95ms  99ms  100ms
POST /a/rather/deep/…n/until/it/ends/here        21       0  0.42/s    30ms  30ms  39ms  40ms   40ms
────────────────────────────────────────────────────────────────────────────────────────────────────
total                                           121       0  2.42/s  46.9ms  40ms  94ms  99ms  100ms
(too narrow for: min, p90, received)
"#,
    );
}

#[test]
fn what_goes_beyond_a_bound_is_counted() {
    let names: Vec<String> = (10..35).map(|n| format!("GET /{n}")).collect();
    let mut run = Run::new(names.iter().map(String::as_str)).default_thresholds();
    for name in &names {
        run = run.requests(name, 1..=2, Some((FailureKind::Reset, "reset", "GET")));
    }
    for n in 0..1_000 {
        run.row(&format!("GET /post/{n}"));
    }
    let text = run.plain(120);
    let failures = text.lines().filter(|line| line.contains("× reset in"));
    assert_eq!(failures.count(), 20);
    assert!(text.contains("\n  and 5 more by name and kind\n"), "{text}");
    assert!(
        text.contains(
            "\nToo many names: 25, beyond the 1000 that have a row, counted as (other)\n",
        ),
        "{text}"
    );
}

#[test]
fn certificates_that_nobody_verified_are_told_of_below_the_target() {
    let rows: [(&[&str], &str); 2] = [
        (
            &["editor", "reader"],
            "certificates were not verified (insecure)",
        ),
        (
            &["reader"],
            "certificates were not verified by reader (insecure)",
        ),
    ];
    for (classes, told) in rows {
        let run = Run::new(["GET /"]).default_thresholds().insecure(classes);
        let text = run.plain(120);
        let header = format!("  target   http://127.0.0.1:5000\n  tls      {told}\n  run  ");
        assert!(text.contains(&header), "{text}");
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    let run = || {
        Run::new(["GET /"])
            .requests("GET /", 10..=30, None)
            .thresholds(&["p95 < 1s", "max < 1ms", "mean of \"GET /x\" < 1s"])
            .record()
    };
    let coloured = report::render(
        &run(),
        Layout {
            width: 100,
            colour: Colour::Coloured,
        },
    );
    let mut plain = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    plain.push_str(rest);
    assert_ne!(plain, coloured);
    assert_eq!(
        plain,
        report::render(
            &run(),
            Layout {
                width: 100,
                colour: Colour::Plain
            }
        )
    );
}

#[test]
fn the_summary_has_the_same_numbers() {
    let record = Run::new(["GET /", "GET /never"])
        .requests("GET /", 10..=30, None)
        .requests(
            "GET /",
            7..=7,
            Some((
                FailureKind::Reset,
                "connection reset",
                "GET http://127.0.0.1:5000/",
            )),
        )
        .failures(
            "GET /",
            1,
            FailureKind::TruncatedBody,
            &Example {
                detail: "the connection was closed inside the body".to_owned(),
                request: "GET http://127.0.0.1:5000/".to_owned(),
                curl: curl(&["curl -i", "http://127.0.0.1:5000/"]),
                answer: Some(ExampleAnswer {
                    status: 200,
                    headers: vec![("server".to_owned(), "x".to_owned())],
                    headers_left_out: 0,
                    body_beginning: "half \"a\"\npa".to_owned(),
                }),
            },
        )
        .redirects("GET /", 4)
        .interrupted("GET /", 1)
        .failed_starts(1)
        .passes(0, 2)
        .skips(1)
        .log_lines(21)
        .thresholds(&["errors < 1%", "p95 of \"GET /never\" <= 300ms"])
        .record();
    let mut summary = report::summary(&record);
    // Held to its text in `tests/generator`.
    assert!(summary["generator"].is_object());
    summary["generator"] = serde_json::Value::Null;
    let printed = serde_json::to_string_pretty(&summary).unwrap();
    assert_lines(&printed, SUMMARY);
}

/// A run of 50 s of one worker, told in a few words.
struct Run {
    names: Vec<Arc<str>>,
    recorder: Recorder,
    thresholds: Vec<String>,
    default_thresholds: bool,
    insecure: Vec<Arc<str>>,
    ended: Ended,
}

impl Run {
    fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Run {
        let names: Vec<Arc<str>> = names.into_iter().map(Arc::from).collect();
        let mut recorder = Recorder::new(&names, 2, 2);
        for class in [0, 0, 1] {
            recorder.user(ClassId(class), UserEvent::Started);
        }
        Run {
            names,
            recorder,
            thresholds: Vec::new(),
            default_thresholds: false,
            insecure: Vec::new(),
            ended: Ended::Finished,
        }
    }

    /// A request for each number of milliseconds that it takes, one after the
    /// other; if they fail: how, with what detail and request.
    fn requests(
        mut self,
        name: &str,
        took_ms: impl IntoIterator<Item = u64>,
        failure: Option<(FailureKind, &str, &str)>,
    ) -> Run {
        let row = self.row(name);
        let mut at = Duration::from_secs(1);
        for ms in took_ms {
            let sent = at;
            at += Duration::from_millis(ms);
            self.recorder.record(&Sample {
                row,
                due: sent,
                timing: Timing {
                    sent,
                    first_byte: at,
                    done: at,
                },
                phases: Phases::default(),
                received_bytes: 12_345,
                redirects: 0,
                resent: 0,
                failure: failure.map(|(kind, _, _)| kind),
            });
            if let Some((kind, detail, request)) = failure {
                self.recorder.note_failure(row, at, kind, || {
                    Example::unsent(
                        request,
                        &Failure::new(kind, detail),
                        &plan::exchange::mask::Secrets::default(),
                    )
                });
            }
        }
        self
    }

    /// Failures in the first, second, third… second, all alike.
    fn failures(mut self, name: &str, count: u64, kind: FailureKind, example: &Example) -> Run {
        let row = self.row(name);
        for second in 1..=count {
            let at = Duration::from_secs(second);
            self.recorder.record(&Sample {
                row,
                due: at,
                timing: Timing {
                    sent: at,
                    first_byte: at,
                    done: at,
                },
                phases: Phases::default(),
                received_bytes: 0,
                redirects: 0,
                resent: 0,
                failure: Some(kind),
            });
            self.recorder
                .note_failure(row, at, kind, || example.clone());
        }
        self
    }

    /// One more request, of 30 ms, that followed redirects.
    fn redirects(mut self, name: &str, count: u32) -> Run {
        let row = self.row(name);
        self.recorder.record(&Sample {
            row,
            due: Duration::ZERO,
            timing: Timing {
                sent: Duration::ZERO,
                first_byte: Duration::from_millis(20),
                done: Duration::from_millis(30),
            },
            phases: Phases::default(),
            received_bytes: 0,
            redirects: count,
            resent: 0,
            failure: None,
        });
        self
    }

    fn interrupted(mut self, name: &str, times: usize) -> Run {
        let row = self.row(name);
        for _ in 0..times {
            self.recorder.interrupted(row, 0, 0, &Phases::default());
        }
        self
    }

    fn passes(mut self, class: u32, times: usize) -> Run {
        for _ in 0..times {
            self.recorder.user(ClassId(class), UserEvent::Pass);
        }
        self
    }

    /// Skips of the second step that can be skipped.
    fn skips(mut self, times: usize) -> Run {
        for _ in 0..times {
            self.recorder.skipped(SkipId(1));
        }
        self
    }

    fn log_lines(mut self, times: usize) -> Run {
        for _ in 0..times {
            self.recorder.log(Duration::ZERO, 1, "a line");
        }
        self
    }

    fn failed_starts(mut self, times: usize) -> Run {
        for _ in 0..times {
            self.recorder.user(ClassId(0), UserEvent::Started);
            self.recorder.user(ClassId(0), UserEvent::StartFailed);
        }
        self
    }

    fn thresholds(mut self, thresholds: &[&str]) -> Run {
        self.thresholds = thresholds.iter().map(|text| (*text).to_owned()).collect();
        self
    }

    fn default_thresholds(mut self) -> Run {
        self.default_thresholds = true;
        self.thresholds(&["errors < 1%"])
    }

    fn insecure(mut self, classes: &[&str]) -> Run {
        self.insecure = classes.iter().map(|class| (*class).into()).collect();
        self
    }

    fn ended(mut self, ended: Ended) -> Run {
        self.ended = ended;
        self
    }

    fn record(mut self) -> RunRecord {
        let classes: [Arc<str>; 2] = ["editor".into(), "reader".into()];
        let thresholds = self.thresholds.iter().map(|text| Judged {
            threshold: text.parse().expect("a threshold"),
            within: None,
        });
        let thresholds: Vec<_> = thresholds.collect();
        let mut series = Series::new(
            &self.names,
            &classes,
            &["set n".into(), "POST /{id}/delete".into()],
        )
        .with_thresholds(&thresholds, 1);
        let elapsed = Duration::from_secs(50);
        series.add(self.recorder.take(elapsed));
        let meta = RunMeta {
            plan: "flaskr endurance".to_owned(),
            fingerprint: "3f2a9c81b2d4e5f6a7b8".to_owned(),
            options: Vec::new(),
            version: "0.1.0".to_owned(),
            run_id: "k3v9".to_owned(),
            seed: 7,
            target: "http://127.0.0.1:5000".to_owned(),
            started_unix: Duration::from_millis(1_795_375_260_250),
            workers: 1,
            wait_scale: if self.default_thresholds { 1.0 } else { 0.01 },
            schedule: Schedule {
                loads: vec![ScheduledLoad {
                    class: None,
                    profile: load(),
                }],
                classes: vec![("editor".into(), 2), ("reader".into(), 1)],
            },
            insecure: self.insecure,
            thresholds_are_default: self.default_thresholds,
        };
        series.finish(meta, elapsed, self.ended)
    }

    /// Expects the whole report, without colour.
    #[track_caller]
    fn text(self, width: usize, expected: &str) {
        assert_lines(&self.plain(width), expected);
    }

    /// Expects the table of the report: what stands between the first empty
    /// line and the users.
    #[track_caller]
    fn table(self, width: usize, expected: &str) {
        let text = self.plain(width);
        let (_, rest) = text.split_once("\n\n").expect("a header");
        let (table, _) = rest.split_once("\nUsers\n").expect("users");
        assert_lines(table, expected);
    }

    /// Expects the section of failures.
    #[track_caller]
    fn failure_text(self, width: usize, expected: &str) {
        let text = self.plain(width);
        let start = text.find("\nFailures\n").expect("failures");
        let end = text.find("\nThresholds").expect("thresholds");
        assert_lines(text[start..end].trim_start(), expected);
    }

    fn plain(self, width: usize) -> String {
        report::render(
            &self.record(),
            Layout {
                width,
                colour: Colour::Plain,
            },
        )
    }

    fn row(&mut self, name: &str) -> RowId {
        self.recorder.row(name)
    }
}

fn refused_login() -> Example {
    Example {
        detail: "expected status below 400, got 403".to_owned(),
        request: "POST http://127.0.0.1:5000/auth/login".to_owned(),
        curl: curl(&[
            "curl -i",
            "http://127.0.0.1:5000/auth/login",
            "-H 'cookie: session=***'",
            "-H 'content-type: application/x-www-form-urlencoded'",
            "--data-raw 'username=ada&password=***'",
        ]),
        answer: Some(ExampleAnswer {
            status: 403,
            headers: [
                ("server", "gunicorn"),
                ("date", "Sun, 22 Nov 2026 19:21:03 GMT"),
                ("content-type", "text/html; charset=utf-8"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
            headers_left_out: 0,
            body_beginning: "<!doctype html>\n<html>\n  <title>403 Forbidden</title>\n\n  \
                             <h1>Forbidden</h1>\n  <p>The username or the password is wrong, as it \
                             was before.</p>"
                .to_owned(),
        }),
    }
}

fn long_post() -> Example {
    Example {
        detail: format!("expected to end at `/`, ended at `/{}`", "a".repeat(100)),
        request: "POST http://127.0.0.1:5000/create".to_owned(),
        curl: Some(Curl {
            parts: vec![
                "curl -i".to_owned(),
                "http://127.0.0.1:5000/create".to_owned(),
                format!("--data-raw 'body={}'", "x".repeat(900)),
            ],
            headers_left_out: 3,
        }),
        answer: Some(ExampleAnswer {
            status: 200,
            headers: Vec::new(),
            headers_left_out: 0,
            body_beginning: String::new(),
        }),
    }
}

fn curl(parts: &[&str]) -> Option<Curl> {
    Some(Curl {
        parts: parts.iter().map(|part| (*part).to_owned()).collect(),
        headers_left_out: 0,
    })
}

/// Compares texts but for the line breaks at their ends.
#[track_caller]
fn assert_lines(actual: &str, expected: &str) {
    let (actual, expected) = (actual.trim_end(), expected.trim());
    assert!(
        actual == expected,
        "expected:\n{expected}\n\nactual:\n{actual}"
    );
}

const SUMMARY: &str = r#"
{
  "format": 1,
  "plan": "flaskr endurance",
  "fingerprint": "3f2a9c81b2d4e5f6a7b8",
  "options": [],
  "target": "http://127.0.0.1:5000",
  "insecure": [],
  "run_id": "k3v9",
  "seed": 7,
  "version": "0.1.0",
  "started": "2026-11-22T19:21:00.250Z",
  "elapsed_us": 50000000,
  "ended": "finished",
  "workers": 1,
  "wait_scale": 0.01,
  "schedule": {
    "users": 3,
    "iterations": null,
    "per_user": null,
    "ramp_up_us": 2000000,
    "duration_us": 48000000,
    "ramp_down_us": 0,
    "graceful_stop_us": 30000000,
    "loads": [
      {
        "class": null,
        "model": "closed",
        "max_users": null,
        "spread": null,
        "stages": [
          {
            "name": "ramp_up",
            "from_us": 0,
            "to_us": 2000000,
            "begin": 0,
            "end": 3
          },
          {
            "name": "hold",
            "from_us": 2000000,
            "to_us": 50000000,
            "begin": 3,
            "end": 3
          }
        ]
      }
    ]
  },
  "capacity": null,
  "setup": null,
  "teardown": null,
  "users": [
    {
      "class": "editor",
      "planned": 2,
      "started": 3,
      "failed_starts": 1,
      "iterations": 2,
      "due": 0,
      "dropped": 0
    },
    {
      "class": "reader",
      "planned": 1,
      "started": 1,
      "failed_starts": 0,
      "iterations": 0,
      "due": 0,
      "dropped": 0
    }
  ],
  "total": {
    "name": "total",
    "requests": 24,
    "ok": 22,
    "failed": 2,
    "errors": 0.08333333333333333,
    "interrupted": 1,
    "redirects": 4,
    "resent": 0,
    "connections": 0,
    "received_bytes": 271590,
    "rate_per_s": 0.48,
    "response": {
      "count": 22,
      "min_us": 10000,
      "mean_us": 20454,
      "p50_us": 20015,
      "p90_us": 29007,
      "p95_us": 30000,
      "p99_us": 30000,
      "p999_us": 30000,
      "max_us": 30000
    },
    "service": {
      "count": 22,
      "min_us": 10000,
      "mean_us": 20454,
      "p50_us": 20015,
      "p90_us": 29007,
      "p95_us": 30000,
      "p99_us": 30000,
      "p999_us": 30000,
      "max_us": 30000
    },
    "phases": {
      "dns": {
        "count": 0,
        "mean_us": null,
        "p50_us": null,
        "p95_us": null,
        "p99_us": null,
        "max_us": null
      },
      "connect": {
        "count": 0,
        "mean_us": null,
        "p50_us": null,
        "p95_us": null,
        "p99_us": null,
        "max_us": null
      },
      "tls": {
        "count": 0,
        "mean_us": null,
        "p50_us": null,
        "p95_us": null,
        "p99_us": null,
        "max_us": null
      },
      "waiting": {
        "count": 0,
        "mean_us": null,
        "p50_us": null,
        "p95_us": null,
        "p99_us": null,
        "max_us": null
      },
      "receiving": {
        "count": 0,
        "mean_us": null,
        "p50_us": null,
        "p95_us": null,
        "p99_us": null,
        "max_us": null
      }
    }
  },
  "rows": [
    {
      "name": "GET /",
      "requests": 24,
      "ok": 22,
      "failed": 2,
      "errors": 0.08333333333333333,
      "interrupted": 1,
      "redirects": 4,
      "resent": 0,
      "connections": 0,
      "received_bytes": 271590,
      "rate_per_s": 0.48,
      "response": {
        "count": 22,
        "min_us": 10000,
        "mean_us": 20454,
        "p50_us": 20015,
        "p90_us": 29007,
        "p95_us": 30000,
        "p99_us": 30000,
        "p999_us": 30000,
        "max_us": 30000
      },
      "service": {
        "count": 22,
        "min_us": 10000,
        "mean_us": 20454,
        "p50_us": 20015,
        "p90_us": 29007,
        "p95_us": 30000,
        "p99_us": 30000,
        "p999_us": 30000,
        "max_us": 30000
      },
      "phases": {
        "dns": {
          "count": 0,
          "mean_us": null,
          "p50_us": null,
          "p95_us": null,
          "p99_us": null,
          "max_us": null
        },
        "connect": {
          "count": 0,
          "mean_us": null,
          "p50_us": null,
          "p95_us": null,
          "p99_us": null,
          "max_us": null
        },
        "tls": {
          "count": 0,
          "mean_us": null,
          "p50_us": null,
          "p95_us": null,
          "p99_us": null,
          "max_us": null
        },
        "waiting": {
          "count": 0,
          "mean_us": null,
          "p50_us": null,
          "p95_us": null,
          "p99_us": null,
          "max_us": null
        },
        "receiving": {
          "count": 0,
          "mean_us": null,
          "p50_us": null,
          "p95_us": null,
          "p99_us": null,
          "max_us": null
        }
      }
    },
    {
      "name": "GET /never",
      "requests": 0,
      "ok": 0,
      "failed": 0,
      "errors": null,
      "interrupted": 0,
      "redirects": 0,
      "resent": 0,
      "connections": 0,
      "received_bytes": 0,
      "rate_per_s": 0.0,
      "response": {
        "count": 0,
        "min_us": null,
        "mean_us": null,
        "p50_us": null,
        "p90_us": null,
        "p95_us": null,
        "p99_us": null,
        "p999_us": null,
        "max_us": null
      },
      "service": {
        "count": 0,
        "min_us": null,
        "mean_us": null,
        "p50_us": null,
        "p90_us": null,
        "p95_us": null,
        "p99_us": null,
        "p999_us": null,
        "max_us": null
      },
      "phases": {
        "dns": {
          "count": 0,
          "mean_us": null,
          "p50_us": null,
          "p95_us": null,
          "p99_us": null,
          "max_us": null
        },
        "connect": {
          "count": 0,
          "mean_us": null,
          "p50_us": null,
          "p95_us": null,
          "p99_us": null,
          "max_us": null
        },
        "tls": {
          "count": 0,
          "mean_us": null,
          "p50_us": null,
          "p95_us": null,
          "p99_us": null,
          "max_us": null
        },
        "waiting": {
          "count": 0,
          "mean_us": null,
          "p50_us": null,
          "p95_us": null,
          "p99_us": null,
          "max_us": null
        },
        "receiving": {
          "count": 0,
          "mean_us": null,
          "p50_us": null,
          "p95_us": null,
          "p99_us": null,
          "max_us": null
        }
      }
    }
  ],
  "names_left_out": 0,
  "names_left_out_by": [],
  "skipped": [
    {
      "step": "POST /{id}/delete",
      "count": 1
    }
  ],
  "data": [],
  "groups": [],
  "iterations": [
    {
      "name": "editor",
      "count": 0,
      "ok": 0,
      "failed": 0,
      "with_waits": {
        "count": 0,
        "min_us": null,
        "mean_us": null,
        "p50_us": null,
        "p90_us": null,
        "p95_us": null,
        "p99_us": null,
        "p999_us": null,
        "max_us": null
      },
      "without_waits": {
        "count": 0,
        "min_us": null,
        "mean_us": null,
        "p50_us": null,
        "p90_us": null,
        "p95_us": null,
        "p99_us": null,
        "p999_us": null,
        "max_us": null
      }
    },
    {
      "name": "reader",
      "count": 0,
      "ok": 0,
      "failed": 0,
      "with_waits": {
        "count": 0,
        "min_us": null,
        "mean_us": null,
        "p50_us": null,
        "p90_us": null,
        "p95_us": null,
        "p99_us": null,
        "p999_us": null,
        "max_us": null
      },
      "without_waits": {
        "count": 0,
        "min_us": null,
        "mean_us": null,
        "p50_us": null,
        "p90_us": null,
        "p95_us": null,
        "p99_us": null,
        "p999_us": null,
        "max_us": null
      }
    }
  ],
  "meetings": [],
  "log_lines": 21,
  "log_lines_left_out": 1,
  "failures": [
    {
      "name": "GET /",
      "kind": "reset",
      "count": 1,
      "first_us": 1007000,
      "last_us": 1007000,
      "examples": [
        {
          "at_us": 1007000,
          "detail": "connection reset",
          "request": "GET http://127.0.0.1:5000/",
          "curl": null,
          "curl_headers_left_out": null,
          "response": null
        }
      ]
    },
    {
      "name": "GET /",
      "kind": "truncated_body",
      "count": 1,
      "first_us": 1000000,
      "last_us": 1000000,
      "examples": [
        {
          "at_us": 1000000,
          "detail": "the connection was closed inside the body",
          "request": "GET http://127.0.0.1:5000/",
          "curl": "curl -i http://127.0.0.1:5000/",
          "curl_headers_left_out": 0,
          "response": {
            "status": 200,
            "headers": [
              [
                "server",
                "x"
              ]
            ],
            "headers_left_out": 0,
            "body_beginning": "half \"a\"\npa"
          }
        }
      ]
    }
  ],
  "examples_left_out": 0,
  "generator": null,
  "thresholds": [
    {
      "threshold": "errors < 1%",
      "metric": "errors",
      "times": null,
      "of_what": "all",
      "of": null,
      "stage": null,
      "over_us": null,
      "abort": false,
      "measured": 0.08333333333333333,
      "unit": "share",
      "outcome": "fail",
      "window": null,
      "aborted_at_us": null
    },
    {
      "threshold": "p95 of \"GET /never\" <= 300ms",
      "metric": "p95",
      "times": "response",
      "of_what": "name",
      "of": "GET /never",
      "stage": null,
      "over_us": null,
      "abort": false,
      "measured": null,
      "unit": "us",
      "outcome": "no_data",
      "window": null,
      "aborted_at_us": null
    }
  ],
  "thresholds_are_default": false,
  "verdict": "failed",
  "extent": {
    "kind": "whole"
  },
  "missing": [],
  "conclusion": {
    "exit": 1,
    "reason": "FAILED: 1 of 2 thresholds does not hold: errors < 1% was 8.33%"
  }
}
"#;

/// Three users, after two seconds, for 48.
fn load() -> Profile {
    let mut stages = Stages::default();
    stages.to("ramp_up", 3, Duration::from_secs(2));
    stages.hold("hold", Duration::from_secs(48));
    Profile::new(Model::Closed, stages)
}
