use std::time::Duration;

use super::*;

/// A level in users, over so many milliseconds; without one it is held.
type OfUsers = (Option<u64>, u64);

/// When a seat is taken, in milliseconds.
type Stays<'a> = &'a [(u128, u128)];

/// The same with a rate.
type OfRates<'a> = (Option<&'a str>, u64);

fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// The level, over so many milliseconds; `None` holds.
fn profile(model: Model, stages: &[OfUsers]) -> Profile {
    let mut put = Stages::default();
    for (number, (level, over)) in (1..).zip(stages) {
        let name = format!("stage {number}");
        match level {
            Some(level) => put.to(name, *level, ms(*over)),
            None => put.hold(name, ms(*over)),
        }
    }
    Profile::new(model, put)
}

fn closed(stages: &[OfUsers]) -> Profile {
    profile(Model::Closed, stages)
}

fn open(spread: Spread, stages: &[OfRates<'_>]) -> Profile {
    let rate = |text: &str| Rate::parse(text).unwrap().millionths_per_hour();
    let stages: Vec<_> = stages
        .iter()
        .map(|(level, over)| (level.map(rate), *over))
        .collect();
    let max_users = 100;
    profile(Model::Open { max_users, spread }, &stages)
}

fn stays(profile: &Profile, seat: u32) -> Vec<(u128, u128)> {
    let stays = profile.stays(seat);
    stays
        .map(|stay| (stay.from.as_millis(), stay.to.as_millis()))
        .collect()
}

#[test]
fn users_come_evenly_and_leave_in_reverse() {
    let hours_72 = 72 * 3_600_000;
    let flagship = closed(&[(Some(50), 120_000), (None, hours_72), (Some(0), 60_000)]);
    let full = 120_000 + u128::from(hours_72);
    let rows = [
        (0, vec![(0, full + 60_000)]),
        (25, vec![(60_000, full + 30_000)]),
        (49, vec![(117_600, full + 1_200)]),
        (50, vec![]),
    ];
    for (seat, wanted) in rows {
        assert_eq!(stays(&flagship, seat), wanted, "seat {seat}");
    }
}

#[test]
#[rustfmt::skip]
fn seats_follow_every_way_that_a_level_goes() {
    let rows: [(&[OfUsers], u32, Stays<'_>); 9] = [
        // Without ramps everyone comes and goes together.
        (&[(Some(2), 0), (None, 1000)],                                   1, &[(0, 1000)]),
        // A spike between two holds, up and down at once.
        (&[(Some(1), 0), (None, 100), (Some(3), 0), (None, 500), (Some(1), 0), (None, 100)],
                                                                          0, &[(0, 700)]),
        (&[(Some(1), 0), (None, 100), (Some(3), 0), (None, 500), (Some(1), 0), (None, 100)],
                                                                          2, &[(100, 600)]),
        // Down and up again: a gap for those who came last.
        (&[(Some(4), 400), (Some(2), 400), (Some(4), 400)],               3, &[(300, 600), (1000, 1200)]),
        (&[(Some(4), 400), (Some(2), 400), (Some(4), 400)],               2, &[(200, 1200)]),
        (&[(Some(4), 400), (Some(2), 400), (Some(4), 400)],               1, &[(100, 1200)]),
        // Half a second between two others.
        (&[(Some(1), 0), (None, 1000), (Some(2), 500), (Some(1), 0), (None, 1000)],
                                                                          1, &[(1000, 1500)]),
        // A level that is only passed through is nobody's.
        (&[(Some(5), 0), (Some(1), 0), (None, 100)],                      4, &[]),
        // Nobody at first.
        (&[(None, 300), (Some(2), 200), (None, 100)],                     1, &[(400, 600)]),
    ];
    for (stages, seat, wanted) in rows {
        assert_eq!(stays(&closed(stages), seat), wanted, "seat {seat} of {stages:?}");
    }
}

#[test]
fn a_seat_has_its_stay_of_a_moment_or_the_next_one() {
    let valley = closed(&[(Some(4), 400), (Some(2), 400), (Some(4), 400)]);
    let after = |moment| valley.stay_after(3, ms(moment)).map(|stay| stay.from);
    assert_eq!(after(0), Some(ms(300)));
    assert_eq!(after(599), Some(ms(300)));
    assert_eq!(after(600), Some(ms(1000)));
    assert_eq!(after(1200), None);
}

#[test]
fn a_pause_is_nobody_and_then_as_before() {
    let mut stages = Stages::default();
    stages.to("1", 2, s(0));
    stages.hold("2", s(1));
    stages.pause("3", s(5));
    stages.hold("4", s(1));
    let profile = Profile::new(Model::Closed, stages);
    assert_eq!(stays(&profile, 1), [(0, 1_000), (6_000, 7_000)]);
}

#[test]
#[rustfmt::skip]
fn arrivals_are_counted_to_the_last_one() {
    let rows: [(&[OfRates<'_>], u64); 10] = [
        (&[(Some("50/s"), 0), (None, 10_000)],                             500),
        (&[(Some("0.29/s"), 0), (None, 100_000)],                           29),
        // The same in three pieces: what is left over is carried on.
        (&[(Some("0.29/s"), 0), (None, 33_333), (None, 33_333), (None, 33_334)], 29),
        (&[(Some("1000/s"), 0), (None, 72 * 3_600_000)],           259_200_000),
        (&[(Some("100/s"), 10_000)],                                       500),
        (&[(Some("100/s"), 10_000), (Some("0/s"), 10_000)],              1_000),
        (&[(Some("10/s"), 500), (Some("20/s"), 500)],                       10),
        (&[(Some("1/h"), 0), (None, 3_600_000)],                             1),
        // One that is begun is one.
        (&[(Some("1/h"), 0), (None, 1_000)],                                 1),
        (&[(Some("0/s"), 0), (None, 1_000)],                                 0),
    ];
    for (stages, wanted) in rows {
        for spread in [Spread::Even, Spread::Poisson] {
            let profile = open(spread, stages);
            assert_eq!(profile.arrivals(), wanted, "{stages:?}");
            if wanted < 10_000 {
                let all: Vec<_> = profile.all_arrivals(7).collect();
                assert_eq!(all.len() as u64, wanted, "{stages:?}");
                assert!(all.is_sorted_by_key(|(_, due)| *due), "{stages:?}");
                assert!(all.iter().all(|(_, due)| *due <= profile.ends_at()));
            }
        }
    }
}

#[test]
#[rustfmt::skip]
fn the_nth_arrival_is_due_at_its_instant() {
    let rows: [(&[OfRates<'_>], u64, Duration); 9] = [
        (&[(Some("50/s"), 0), (None, 10_000)],                     0, ms(0)),
        (&[(Some("50/s"), 0), (None, 10_000)],                   499, ms(9_980)),
        (&[(Some("3/s"), 0), (None, 10_000)],                      1, Duration::from_nanos(333_333_333)),
        // No drift in three days: the last one of 259,200,000 is as exact as the first.
        (&[(Some("1000/s"), 0), (None, 72 * 3_600_000)], 259_199_999, ms(72 * 3_600_000 - 1)),
        // Twice the area needs √2 of the time: 125 of 500 after half of a ramp.
        (&[(Some("100/s"), 10_000)],                             125, ms(5_000)),
        (&[(Some("100/s"), 0), (Some("0/s"), 10_000)],           375, ms(5_000)),
        // Nobody comes while the rate is 0; who is due then comes when it rises.
        (&[(None, 2_000), (Some("10/s"), 0), (None, 1_000)],       0, ms(2_000)),
        (&[(Some("10/s"), 0), (None, 1_000), (Some("0/s"), 0), (None, 5_000), (Some("10/s"), 0), (None, 1_000)],
                                                                  10, ms(6_000)),
        (&[(Some("10/s"), 500), (Some("20/s"), 500)],              2, ms(447)),
    ];
    for (stages, n, wanted) in rows {
        let due = open(Spread::Even, stages).arrival(n).unwrap();
        let off = due.abs_diff(wanted);
        assert!(off < ms(1), "{n} of {stages:?} is due at {due:?}, not {wanted:?}");
    }
}

#[test]
fn random_arrivals_are_random_and_those_of_their_seed() {
    let profile = open(Spread::Poisson, &[(Some("100/s"), 0), (None, 100_000)]);
    let instants =
        |seed| -> Vec<Duration> { profile.all_arrivals(seed).map(|(_, at)| at).collect() };
    let seven = instants(7);
    assert_eq!(seven, instants(7));
    assert_ne!(seven, instants(8));
    // In a second come 100 on average, with the deviation of a Poisson process, 10;
    // evenly they would have none. Over 100 seconds that is known to 15 %.
    let mut counts = [0_u32; 100];
    for at in &seven {
        counts[at.as_secs() as usize] += 1;
    }
    let squares = counts
        .iter()
        .map(|count| (f64::from(*count) - 100.0).powi(2));
    let deviation = (squares.sum::<f64>() / 99.0).sqrt();
    assert!((7.0..13.0).contains(&deviation), "deviation {deviation}");
}

#[test]
fn passes_end_arrivals_too() {
    let mut stages = Stages::default();
    stages.to(
        "ramp_up",
        Rate::parse("10/s").unwrap().millionths_per_hour(),
        s(0),
    );
    stages.hold_without_end("hold");
    let spread = Spread::Poisson;
    let mut profile = Profile::new(
        Model::Open {
            max_users: 5,
            spread,
        },
        stages,
    );
    profile.iterations = Some(100);
    assert_eq!(profile.arrivals(), 100);
    let last = profile.all_arrivals(1).last().unwrap();
    assert_eq!(last.0, 99);
    assert!(last.1 <= s(10), "{last:?}");
}

#[test]
fn a_moment_belongs_to_one_stage() {
    let profile = closed(&[(Some(10), 2_000), (None, 3_000), (Some(0), 1_000)]);
    let at = |moment| profile.stage_at(ms(moment)).map(Stage::slope);
    assert_eq!(at(0), Some(Slope::Up));
    assert_eq!(at(1_999), Some(Slope::Up));
    assert_eq!(at(2_000), Some(Slope::Level));
    assert_eq!(at(5_000), Some(Slope::Down));
    assert_eq!(at(6_000), None);
    assert_eq!(profile.ramp_up(), s(2));
    assert_eq!(profile.duration(), Some(s(3)));
    assert_eq!(profile.ramp_down(), s(1));
    assert_eq!(profile.level_at(ms(1_000)), 5.0);
}

#[test]
fn a_profile_is_told_in_one_line() {
    let later = |endless| {
        let mut stages = Stages::default();
        stages.hold(START_AFTER, s(1));
        stages.to("ramp_up", 4, s(2));
        match endless {
            true => stages.hold_without_end("hold"),
            false => stages.hold("hold", s(60)),
        }
        let mut profile = Profile::new(Model::Closed, stages);
        profile.per_user = endless.then_some(5);
        profile
    };
    let rows = [
        (
            closed(&[(Some(1), 0), (None, 1_000)]),
            "to 1 user at once, hold 1s",
        ),
        (
            later(false),
            "after 1s: 4 users, 2s ramp-up, 1m at full load",
        ),
        (
            later(true),
            "after 1s: 4 users, 5 iterations each, 2s ramp-up",
        ),
        (
            open(Spread::Poisson, &[(Some("0.5/s"), 2_000)]),
            "to 0.5/s over 2s, at random, by at most 100 users",
        ),
    ];
    for (profile, told) in rows {
        assert_eq!(text(&profile), told);
    }
}
