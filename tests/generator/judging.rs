//! What is made of readings: pure arithmetic, as tables.

use std::time::Duration;

use plan::{
    health::{Reading, Watch},
    stats::{
        Bottleneck, Cpu, Generator, Level, MAX_WARNINGS, OnSaturation, Shortage, Strain, Warning,
    },
};

/// Seconds of the same kind, one kind after the other.
type Parts<'a> = &'a [(u64, Second)];

/// A second of a worker: how much of it it computed, how many of its timers were late.
type Second = (f64, f64);

const IDLE: Second = (0.2, 0.0);
const BUSY: Second = (0.97, 0.0);
const LATE: Second = (0.2, 0.5);
const BOTH: Second = (1.0, 1.0);

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn strain(from_s: u64, to_s: u64, (busy, late): Second) -> Strain {
    Strain {
        from: secs(from_s),
        to: secs(to_s),
        busy: Some(busy),
        late,
        delay_p99: None,
    }
}

fn close(watch: Watch, elapsed_s: u64) -> Generator {
    watch.close(secs(elapsed_s), 0, OnSaturation::Inconclusive)
}

/// The run of one worker, second by second: what it was warned of at the end of each.
fn seconds(parts: Parts) -> (Watch, u64, Vec<Vec<Warning>>) {
    let mut watch = Watch::new(Some(2));
    let mut at = 0;
    let mut warned = Vec::new();
    for (seconds, second) in parts {
        for _ in 0..*seconds {
            watch.strain(&strain(at, at + 1, *second));
            at += 1;
            warned.push(watch.warnings(secs(at)));
        }
    }
    (watch, at, warned)
}

#[test]
fn a_generator_was_the_bottleneck_from_five_seconds_and_a_tenth_of_the_load_on() {
    let saturated = |computing, late, of| {
        Some(Bottleneck::Saturated {
            computing: secs(computing),
            late: secs(late),
            of: secs(of),
        })
    };
    #[rustfmt::skip]
    let rows: [(&str, Parts, Option<Bottleneck>); 12] = [
        ("idle",                          &[(60, IDLE)],                        None),
        ("busy in a short run",           &[(4, BUSY)],                         None),
        ("busy all the time",             &[(5, BUSY)],                         saturated(5, 0, 5)),
        ("busy a tenth of the time",      &[(45, IDLE), (5, BUSY)],             saturated(5, 0, 50)),
        ("busy less than a tenth",        &[(46, IDLE), (5, BUSY)],             None),
        ("a minute of an hour",           &[(3540, IDLE), (60, BUSY)],          None),
        ("now and then",                  &[(9, IDLE), (3, BUSY), (8, IDLE), (3, BUSY)], saturated(6, 0, 23)),
        ("late",                          &[(14, IDLE), (6, LATE)],             saturated(0, 6, 20)),
        ("both at once count once",       &[(20, IDLE), (4, BOTH)],             None),
        ("both one after the other",      &[(14, IDLE), (3, BUSY), (3, LATE)],  saturated(3, 3, 20)),
        ("almost busy",                   &[(60, (0.89, 0.0))],                 None),
        ("a tenth of the timers",         &[(60, (0.2, 0.1))],                  None),
    ];
    for (what, parts, expected) in rows {
        let (watch, elapsed, _) = seconds(parts);
        assert_eq!(close(watch, elapsed).bottleneck, expected, "{what}");
    }
}

#[test]
fn workers_that_are_busy_at_the_same_time_are_busy_once() {
    let mut watch = Watch::new(Some(4));
    for second in 0..4 {
        for _worker in 0..4 {
            watch.strain(&strain(second, second + 1, BUSY));
        }
    }
    assert_eq!(close(watch, 4).bottleneck, None);
    // One that was held up tells of several seconds at once.
    let mut watch = Watch::new(Some(4));
    watch.strain(&strain(0, 1, IDLE));
    watch.strain(&strain(0, 6, LATE));
    let bottleneck = close(watch, 10).bottleneck;
    let expected = Bottleneck::Saturated {
        computing: secs(0),
        late: secs(6),
        of: secs(10),
    };
    assert_eq!(bottleneck, Some(expected));
}

#[test]
fn a_warning_begins_when_it_has_gone_on_and_ends_when_it_stays_away() {
    let parts = [(4, IDLE), (4, BUSY), (3, IDLE), (1, BUSY), (9, IDLE)];
    let (watch, elapsed, warned) = seconds(&parts);
    let on: Vec<usize> = (0..warned.len())
        .filter(|at| !warned[*at].is_empty())
        .collect();
    // From the third busy second to the fifth idle one, both counted from 0.
    assert_eq!(on, (6..=15).collect::<Vec<_>>());
    let expected = Warning {
        shortage: Shortage::Worker,
        from: secs(4),
        to: secs(12),
        worst: 0.97,
    };
    assert_eq!(warned[15], [expected]);
    assert_eq!(close(watch, elapsed).warnings, [expected]);

    // Seconds that do not follow each other are nothing to speak of.
    let (watch, elapsed, warned) = seconds(&[(2, BUSY), (1, IDLE), (2, LATE), (1, BUSY)]);
    assert!(warned.iter().all(Vec::is_empty));
    assert_eq!(close(watch, elapsed).warnings, []);
}

#[test]
fn the_most_urgent_comes_first_and_the_report_has_them_in_their_order() {
    let mut watch = Watch::new(Some(1));
    for at in 0..=6 {
        let level = |used| {
            Some(Level {
                used,
                limit: Some(100),
            })
        };
        watch.reading(
            secs(at),
            &Reading {
                cpu: Some(secs(at)),
                memory: level(5 * at),
                memory_peak_bytes: Some(31),
                files: level(if at >= 5 { 90 } else { 89 }),
                ports: Some(Level {
                    used: 1_000_000,
                    limit: None,
                }),
            },
        );
        watch.strain(&strain(at, at + 1, BOTH));
    }
    let shortages = |warnings: &[Warning]| -> Vec<Shortage> {
        warnings.iter().map(|warning| warning.shortage).collect()
    };
    assert_eq!(
        shortages(&watch.warnings(secs(7))),
        [
            Shortage::Files,
            Shortage::Cores,
            Shortage::Worker,
            Shortage::Timers
        ]
    );
    let generator = close(watch, 7);
    assert_eq!(
        shortages(&generator.warnings),
        [
            Shortage::Cores,
            Shortage::Worker,
            Shortage::Timers,
            Shortage::Files
        ]
    );
    assert_eq!(generator.warnings[3].from, secs(5));
    let cpu = Cpu {
        used: secs(6),
        cores: 1,
        share: 1.0,
        busiest_worker: Some(1.0),
    };
    assert_eq!(generator.cpu, Some(cpu));
    let used = |level: Option<Level>| level.map(|level| level.used);
    assert_eq!(used(generator.memory), Some(31));
    assert_eq!(used(generator.files), Some(90));
    assert_eq!(used(generator.ports), Some(1_000_000));
}

#[test]
fn what_is_not_known_is_neither_zero_nor_a_reason() {
    let mut watch = Watch::new(None);
    for at in 0..20 {
        watch.reading(secs(at), &Reading::default());
        let silent = Strain {
            busy: None,
            ..strain(at, at + 1, IDLE)
        };
        watch.strain(&silent);
    }
    let expected = Generator::default();
    assert_eq!(close(watch, 20), expected);
}

#[test]
fn a_connection_without_a_file_is_reason_enough() {
    let closed = |connections| {
        let watch = Watch::new(Some(2));
        let generator = watch.close(secs(3), connections, OnSaturation::Tolerated);
        (generator.spoils_verdict().copied(), generator.bottleneck)
    };
    assert_eq!(closed(0), (None, None));
    let unconnected = Bottleneck::Unconnected { connections: 1 };
    assert_eq!(closed(1), (None, Some(unconnected)));
}

#[test]
fn warnings_of_three_days_are_counted_beyond_a_bound() {
    let mut watch = Watch::new(Some(2));
    let nearly_all = Reading {
        files: Some(Level {
            used: 19,
            limit: Some(20),
        }),
        ..Reading::default()
    };
    for hour in 0..MAX_WARNINGS as u64 + 7 {
        watch.reading(secs(hour * 3600), &nearly_all);
        assert_eq!(watch.warnings(secs(hour * 3600 + 4)).len(), 1);
        assert_eq!(watch.warnings(secs(hour * 3600 + 5)), []);
    }
    let generator = close(watch, 200 * 3600);
    assert_eq!(generator.warnings.len(), MAX_WARNINGS);
    assert_eq!(generator.warnings_left_out, 7);
    assert_eq!(generator.bottleneck, None);
}
