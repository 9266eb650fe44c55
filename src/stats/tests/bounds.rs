//! Every collection has a bound, and what exceeds it is counted.

use hdrhistogram::Histogram;

use super::*;
use crate::stats::{MAX_LEFT_OUT, MAX_NAME_CHARS, MAX_NAMES, OTHER, latency};

#[test]
fn names_beyond_the_bound_share_a_row() {
    let mut recorder = recorder();
    let templated = MAX_NAMES + 10;
    for round in 0..2 {
        for n in 0..templated {
            let row = recorder.row(&format!("GET /post/{n}"));
            recorder.record(&sample(row, round, 1_000, None));
        }
    }
    let record = record_of([recorder.take(secs(1))], &[], Ended::Finished);
    // The plan has three of its own.
    assert_eq!(record.names_left_out, 13);
    assert_eq!(record.rows.len(), MAX_NAMES + 1);
    assert_eq!(&*record.rows[0].name, OTHER);
    assert_eq!(record.rows[0].ok, 26);
    assert_eq!(record.total.ok, 2 * templated as u64);
}

/// Two workers that each kept within the bound, with different names.
#[test]
fn names_are_bounded_over_all_workers_too() {
    let windows = ["a", "b"].map(|worker| {
        let mut recorder = recorder();
        for n in 0..600 {
            let row = recorder.row(&format!("GET /{worker}/{n}"));
            recorder.record(&sample(row, 0, 1_000, None));
        }
        recorder.take(secs(1))
    });
    let record = record_of(windows, &[], Ended::Finished);
    assert_eq!(record.rows.len(), MAX_NAMES + 1);
    assert_eq!(record.rows[0].ok, 203);
    assert_eq!(record.names_left_out, 203);
    assert_eq!(record.total.ok, 1_200);
}

#[test]
fn the_same_left_out_name_counts_once_over_all_workers() {
    let windows = [(); 2].map(|()| {
        let mut recorder = recorder();
        for n in 0..MAX_NAMES + 10 {
            recorder.row(&format!("GET /post/{n}"));
        }
        recorder.take(secs(1))
    });
    assert_eq!(record_of(windows, &[], Ended::Finished).names_left_out, 13);
}

#[test]
fn left_out_names_are_told_apart_up_to_a_bound() {
    let mut recorder = recorder();
    for n in 0..MAX_NAMES + MAX_LEFT_OUT + 10 {
        recorder.row(&format!("GET /post/{n}"));
    }
    let record = record_of([recorder.take(secs(1))], &[], Ended::Finished);
    assert_eq!(record.names_left_out, MAX_LEFT_OUT as u64);
}

#[test]
fn a_name_of_the_plan_is_the_same_row_when_it_is_made_by_a_template() {
    let mut recorder = recorder();
    assert_eq!(recorder.row("POST /create"), CREATE);
}

#[test]
fn long_names_are_cut() {
    let mut recorder = recorder();
    let long = "ż".repeat(1_000);
    let row = recorder.row(&long);
    assert_eq!(recorder.row(&long), row);
    recorder.record(&sample(row, 0, 0, Some(FailureKind::Status)));

    let record = record_of([recorder.take(secs(1))], &[], Ended::Finished);
    let [failure] = record.failures.as_slice() else {
        panic!("one failure, not {:?}", record.failures);
    };
    assert_eq!(*failure.name, format!("{}…", "ż".repeat(MAX_NAME_CHARS)));
}

/// The numbers in the doc of the room.
#[test]
fn a_name_costs_what_the_doc_says() {
    fn kib<C: hdrhistogram::Counter>(histogram: &Histogram<C>) -> usize {
        histogram.distinct_values() * size_of::<C>() / 1024
    }
    assert_eq!(kib(&latency::empty::<u32>()), 92);
    assert_eq!(kib(&latency::empty::<u64>()), 184);
}
