//! Every collection has a bound, and what exceeds it is counted.

use hdrhistogram::Histogram;

use super::*;
use crate::{
    base::ids::NamerId,
    stats::{
        MAX_LEFT_OUT, MAX_LINES_A_SECOND, MAX_LINES_OF_A_WORKER, MAX_NAME_CHARS, MAX_NAMES, OTHER,
        Phase,
        latency::{self, Precision},
    },
};

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

/// What breaks in hour 71 is not to be one of a million names.
#[test]
fn names_of_our_own_have_a_row_however_many_there_are() {
    let windows = ["a", "b"].map(|worker| {
        let mut recorder = recorder();
        for n in 0..MAX_NAMES + 10 {
            let row = recorder.row(&format!("GET /{worker}/{n}"));
            recorder.record(&sample(row, 0, 1_000, None));
        }
        for name in ["(internal)", "(when)"] {
            let row = recorder.row(name);
            recorder.record(&sample(row, 0, 1_000, None));
        }
        recorder.take(secs(1))
    });
    let record = record_of(windows, &[], Ended::Finished);
    let own = ["(internal)", "(when)"].map(|name| {
        let row = record.rows.iter().find(|row| &*row.name == name);
        row.map(|row| row.ok)
    });
    assert_eq!(own, [Some(2), Some(2)]);
    // Beside those two, the bound and the rest.
    assert_eq!(record.rows.len(), MAX_NAMES + 1 + 2);
}

/// The sum over the steps is what the row has, also where only all workers together
/// have too many.
#[test]
fn which_step_made_the_names_is_counted_to_the_request() {
    let namers: [Arc<str>; 3] = ["a (p:1)", "b (p:2)", "a (p:1)"].map(Into::into);
    let mut series = Series::new(&names(), &classes(), &[]).with_namers(&namers);
    for worker in 0..2 {
        let mut recorder = recorder();
        for n in 0..900 {
            let name = format!("GET /{worker}/{n}");
            let row = recorder.row_made_by(&name, NamerId(n % 3));
            recorder.record(&sample(row, 0, 1_000, None));
        }
        for n in 0..300 {
            let row = recorder.row_made_by(&format!("GET /b/{n}"), NamerId(1));
            match n {
                299 => recorder.interrupted(row, 0, 0, &Phases::default()),
                _ => recorder.record(&sample(row, 0, 1_000, None)),
            }
        }
        series.add(recorder.take(secs(1)));
    }
    let other = series.snapshot(secs(1), &schedule(), Phase::Hold);
    let record = record_by(series, Ended::Finished);
    let row = &record.rows[0];
    assert_eq!(&*row.name, OTHER);
    // Each worker has room for 97 of the 300, and both together for no more than the
    // first one's: of the second one's names only those 97 have a row.
    let by: Vec<_> = record
        .left_out_by
        .iter()
        .map(|(step, n)| (&**step, *n))
        .collect();
    assert_eq!(by, [("b (p:2)", 2 * 203 + 300), ("a (p:1)", 600)]);
    let sum: u64 = by.iter().map(|(_, requests)| requests).sum();
    assert_eq!(sum, row.ok + row.failed + row.interrupted);
    assert_eq!(other.left_out_by, record.left_out_by.first().cloned());
}

#[test]
fn lines_of_a_second_are_bounded_over_all_workers_and_counted_to_the_line() {
    let mut series = Series::new(&names(), &classes(), &[]);
    let workers = 12;
    let each = MAX_LINES_OF_A_WORKER + 5;
    for second in 0..3 {
        for worker in 0..workers {
            let mut recorder = recorder();
            for n in 0..each {
                recorder.log(ms(second * 1_000 + n as u64), worker, "text");
            }
            series.add(recorder.take(secs(second + 1)));
        }
    }
    let snapshot = series.snapshot(secs(3), &schedule(), Phase::Hold);
    let shown = 3 * MAX_LINES_A_SECOND as u64;
    assert_eq!(snapshot.log_before + snapshot.log.len() as u64, shown);
    // Of the last two seconds all are there, so that one look a second sees each.
    assert_eq!(snapshot.log.len(), 2 * MAX_LINES_A_SECOND);
    let all = 3 * workers * each as u64;
    assert_eq!(snapshot.log_left_out, all - shown);
    let record = record_by(series, Ended::Finished);
    assert_eq!(
        (record.log_lines, record.log_lines_left_out),
        (all, all - shown)
    );
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
    let (fine, coarse) = (Precision::Fine, Precision::Coarse);
    let recorded = |precision: Precision| (precision.buckets() * size_of::<u32>()).div_ceil(1024);
    assert_eq!((recorded(fine), recorded(coarse)), (91, 13));
    assert_eq!(kib(&latency::empty::<u64>(fine)), 184);
    assert_eq!(kib(&latency::empty::<u64>(coarse)), 26);

    let name_kib = |workers: usize, phases: usize| workers * (91 + 13 * phases) + 184 + 26 * phases;
    assert_eq!(20 * name_kib(4, 2) / 1024, 13, "nearly 14 MiB");
    assert_eq!(MAX_NAMES * name_kib(4, 5) / 1024, 916, "0.9 GiB");
}
