//! How workers fare themselves.

use super::*;
use crate::stats::Strain;

/// What timers of a worker did in a second: how late, in milliseconds.
fn window(recorder: &mut Recorder, to_s: u64, late_ms: &[u64]) -> Window {
    for late in late_ms {
        recorder.timer(ms(*late));
    }
    recorder.take(Duration::from_secs(to_s))
}

/// Who is behind all the time waits for no timer.
#[test]
fn users_who_start_late_are_late_too() {
    let mut recorder = recorder();
    for lag_ms in [50, 150, 2_000, 9_000] {
        recorder.start_lag(ms(lag_ms));
    }
    let window = recorder.take(secs(1));
    assert_eq!(window.strain().unwrap().late, 0.75);
}

#[test]
fn a_worker_says_of_each_window_how_late_its_timers_were() {
    #[rustfmt::skip]
    let rows: [(&str, &[u64], f64, Option<u64>); 5] = [
        // what                        late by         share late  p99
        ("nothing was asked for",      &[],            0.0,        None),
        ("the tick of timers",         &[0, 1],        0.0,        Some(0)),
        ("a tenth of a second",        &[1, 101],      0.0,        Some(100)),
        ("more than that, beyond it",  &[1, 102, 500], 2.0 / 3.0,  Some(499)),
        ("all of them",                &[200],         1.0,        Some(199)),
    ];
    let mut recorder = recorder();
    for ((what, late_ms, late, p99), second) in rows.into_iter().zip(1..) {
        let strain = window(&mut recorder, second, late_ms).strain();
        let expected = Strain {
            from: Duration::from_secs(second - 1),
            to: Duration::from_secs(second),
            busy: None,
            late,
            delay_p99: p99.map(ms),
        };
        assert_eq!(strain, Some(expected), "{what}");
    }
}

#[test]
fn what_a_thread_computed_is_a_share_of_its_window() {
    let mut recorder = recorder();
    let mut first = recorder.take(ms(1_000));
    let mut second = recorder.take(ms(3_000));
    for window in [&mut first, &mut second] {
        window.computed(ms(500));
    }
    // The last one of a run may last no more than a moment.
    let mut moment = recorder.take(ms(3_001));
    moment.computed(ms(1));
    let busy = |window: &Window| window.strain().unwrap().busy;
    assert_eq!(busy(&first), Some(0.5));
    assert_eq!(busy(&second), Some(0.25));
    assert_eq!(busy(&moment), Some(0.001));

    // Of several, the worst counts.
    let mut both = second.clone();
    both.add(&first);
    assert_eq!(busy(&both), Some(0.5));
    assert_eq!(both.strain().unwrap().from, Duration::ZERO);
}

#[test]
fn a_run_adds_up_the_timers_of_all_workers_and_names_their_worst_second() {
    let mut one = recorder();
    let mut other = recorder();
    let windows = [
        window(&mut one, 1, &[3, 5]),
        window(&mut other, 1, &[41]),
        window(&mut one, 2, &[41]),
        window(&mut other, 2, &[2]),
    ];
    other.start_lag(ms(7));
    let last = other.take(ms(2_500));

    let forth = windows.iter().chain([&last]).cloned();
    let record = record_of(forth, &[], Ended::Finished);
    let timekeeping = &record.generator.timekeeping;
    assert_eq!(timekeeping.timer_delay.count(), 5);
    assert_eq!(timekeeping.timer_delay.max(), Some(ms(40)));
    assert_eq!(timekeeping.start_lag.max(), Some(ms(7)));
    let worst = timekeeping.worst_second.unwrap();
    assert_eq!((worst.at, worst.delay_p99), (ms(1_000), ms(40)));

    // In any order, and added up on the way or not.
    let back = [&last].into_iter().chain(windows.iter().rev()).cloned();
    assert_eq!(record_of(back, &[], Ended::Finished), record);
    let mut sum = last;
    for window in &windows[2..] {
        sum.add(window);
    }
    let parts = windows[..2].iter().cloned().chain([sum]);
    assert_eq!(record_of(parts, &[], Ended::Finished), record);
}
