//! The law of the room: how samples were spread over recorders and windows,
//! and in which order those were added, leaves no trace in the record.

use proptest::prelude::*;

use super::*;
use crate::{
    base::ids::ClassId,
    exchange::{Example, ExampleAnswer, Phases, curl::Curl},
    stats::{MAX_RUN_EXAMPLES, RunRecord, UserEvent},
};

/// One thing that a worker tells its recorder.
#[derive(Clone, Debug)]
enum Event {
    Request {
        /// A name of the plan or, from 3 on, a templated one.
        name: usize,
        late_us: u64,
        took_us: u64,
        redirects: u32,
        failure: Option<FailureKind>,
    },
    Interrupted(usize),
    User(u32, UserEvent),
}

fn event() -> impl Strategy<Value = Event> {
    let failure = prop_oneof![
        3 => Just(None),
        1 => prop::sample::select(FailureKind::ALL.as_slice()).prop_map(Some),
    ];
    // From zero to more than the hour that histograms end at.
    let took_us = prop_oneof![8 => 0..5_000_000_u64, 1 => 3_599_000_000..4_000_000_000_u64];
    let late_us = prop_oneof![4 => Just(0), 1 => 0..1_000_000_u64];
    prop_oneof![
        8 => (0..5_usize, late_us, took_us, 0..3_u32, failure).prop_map(
            |(name, late_us, took_us, redirects, failure)| Event::Request {
                name, late_us, took_us, redirects, failure,
            }
        ),
        1 => (0..5_usize).prop_map(Event::Interrupted),
        1 => (0..2_u32, prop::sample::select(vec![
            UserEvent::Started, UserEvent::Ended, UserEvent::StartFailed,
        ])).prop_map(|(class, what)| Event::User(class, what)),
    ]
}

/// Tells `recorder` of the event; the n-th of a run happens n seconds in.
fn tell(recorder: &mut Recorder, n: usize, event: &Event) {
    let row_of = |recorder: &mut Recorder, name: usize| match name {
        0..3 => RowId::at(name),
        _ => recorder.row(&format!("GET /page/{name}")),
    };
    match event {
        Event::Request {
            name,
            late_us,
            took_us,
            redirects,
            failure,
        } => {
            let due = secs(n as u64);
            let sent = due + us(*late_us);
            let done = sent + us(*took_us);
            let row = row_of(recorder, *name);
            recorder.record(&Sample {
                row,
                due,
                timing: Timing {
                    sent,
                    first_byte: done,
                    done,
                },
                phases: Phases::default(),
                received_bytes: took_us % 1_000,
                redirects: *redirects,
                resent: redirects % 2,
                failure: *failure,
            });
            if let Some(kind) = failure {
                recorder.note_failure(row, due, *kind, || example(n));
            }
        }
        Event::Interrupted(name) => {
            let row = row_of(recorder, *name);
            recorder.interrupted(row, 0, 0, &Phases::default());
        }
        Event::User(class, what) => recorder.user(ClassId(*class), *what),
    }
}

/// Every other one with an answer.
fn example(n: usize) -> Example {
    Example {
        detail: format!("the {n}th"),
        request: format!("GET /{n}"),
        curl: Some(Curl {
            parts: vec!["curl".to_owned(), format!("http://target/{n}")],
            headers_left_out: n,
        }),
        answer: n.is_multiple_of(2).then(|| ExampleAnswer {
            status: 404,
            headers: vec![("n".to_owned(), n.to_string())],
            headers_left_out: 0,
            body_beginning: format!("no {n}"),
        }),
    }
}

fn record(windows: Vec<Window>) -> RunRecord {
    record_of(
        windows,
        &["errors < 1%", "p95 < 1s", "mean of \"GET /page/3\" < 1s"],
        Ended::Finished,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_spread_order_and_grouping_gives_the_same_record(
        // Each event with its worker, and whether that worker is emptied after it.
        events in prop::collection::vec((event(), 0..3_usize, prop::bool::weighted(0.2)), 1..80),
        order in prop::collection::vec(any::<prop::sample::Index>(), 80),
        groups in prop::collection::vec(prop::bool::ANY, 80),
    ) {
        let mut one = recorder();
        let mut three = [recorder(), recorder(), recorder()];
        let mut windows = Vec::new();
        for (n, (event, worker, emptied)) in events.iter().enumerate() {
            tell(&mut one, n, event);
            tell(&mut three[*worker], n, event);
            if *emptied {
                windows.push(three[*worker].take(secs(n as u64)));
            }
        }
        windows.extend(three.iter_mut().map(|recorder| recorder.take(secs(80))));

        for (place, other) in order.iter().enumerate().take(windows.len()) {
            let other = other.index(windows.len());
            windows.swap(place, other);
        }
        let mut grouped: Vec<Window> = Vec::new();
        for (window, with_last) in windows.into_iter().zip(groups.iter().cycle()) {
            match grouped.last_mut() {
                Some(last) if *with_last => last.add(&window),
                _ => grouped.push(window),
            }
        }

        prop_assert_eq!(record(grouped), record(vec![one.take(secs(80))]));
    }

    #[test]
    fn windows_add_up_in_any_order_and_grouping(
        events in prop::collection::vec((event(), 0..3_usize), 1..40),
    ) {
        let mut three = [recorder(), recorder(), recorder()];
        for (n, (event, worker)) in events.iter().enumerate() {
            tell(&mut three[*worker], n, event);
        }
        let [a, b, c] = three.map(|mut recorder| recorder.take(secs(40)));
        let sum = |first: &Window, second: &Window| {
            let mut sum = first.clone();
            sum.add(second);
            sum
        };
        prop_assert_eq!(sum(&sum(&a, &b), &c), sum(&a, &sum(&c, &b)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_run_keeps_its_first_examples_however_it_was_spread(
        // Each failure with its name and its worker, and whether that is emptied after it.
        failures in prop::collection::vec((0..200_usize, 0..3_usize, prop::bool::weighted(0.1)), 600),
        order in prop::collection::vec(any::<prop::sample::Index>(), 100),
    ) {
        let mut one = recorder();
        let mut three = [recorder(), recorder(), recorder()];
        let mut windows = Vec::new();
        for (n, (name, worker, emptied)) in failures.iter().enumerate() {
            let event = Event::Request {
                name: name + 3,
                late_us: 0,
                took_us: 1,
                redirects: 0,
                // Without an answer, so without the histograms of 200 names.
                failure: Some(FailureKind::Reset),
            };
            tell(&mut one, n, &event);
            tell(&mut three[*worker], n, &event);
            if *emptied {
                windows.push(three[*worker].take(secs(n as u64)));
            }
        }
        windows.extend(three.iter_mut().map(|recorder| recorder.take(secs(600))));
        for (place, other) in order.iter().enumerate().take(windows.len()) {
            let other = other.index(windows.len());
            windows.swap(place, other);
        }

        let spread = record(windows);
        let kept: usize = spread.failures.iter().map(|failure| failure.examples.len()).sum();
        prop_assert_eq!(kept, MAX_RUN_EXAMPLES);
        prop_assert!(spread.examples_left_out > 0);
        prop_assert_eq!(spread, record(vec![one.take(secs(600))]));
    }
}
