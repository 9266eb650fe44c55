use super::{Bounds, Knee, Search, Shown};
use crate::base::{random, rate::Rate, sought::Sought};

fn arrivals(from: &str, to: &str, precision: f64) -> Bounds {
    let level = |text: &str| Rate::parse(text).unwrap().millionths_per_hour();
    Bounds {
        sought: Sought::Arrivals,
        from: level(from),
        to: level(to),
        precision,
    }
}

fn users(from: u64, to: u64) -> Bounds {
    Bounds {
        sought: Sought::Users,
        from,
        to,
        precision: 0.05,
    }
}

/// Plays a search against something that answers for each level; what it tried, in order.
fn play(bounds: Bounds, mut target: impl FnMut(u64) -> Shown) -> (Search, Vec<String>) {
    let mut search = Search::new(bounds);
    let mut tried = Vec::new();
    while let Some(level) = search.next() {
        let shown = target(level);
        let mark = match shown {
            Shown::Held => "✓",
            Shown::Broken => "✗",
        };
        tried.push(format!("{} {mark}", bounds.text(level)));
        search.note(level, shown);
        assert!(tried.len() <= bounds.most_tries() as usize, "{tried:?}");
    }
    (search, tried)
}

fn up_to(most: u64) -> impl FnMut(u64) -> Shown {
    move |level| match level <= most {
        true => Shown::Held,
        false => Shown::Broken,
    }
}

#[test]
fn it_doubles_halves_and_confirms() {
    let bounds = arrivals("10/s", "5000/s", 0.05);
    let most = arrivals("400/s", "400/s", 0.05).to;
    let (search, tried) = play(bounds, up_to(most));
    let expected = [
        "10/s ✓",
        "20/s ✓",
        "40/s ✓",
        "80/s ✓",
        "160/s ✓",
        "320/s ✓",
        "640/s ✗",
        "640/s ✗",
        "453/s ✗",
        "453/s ✗",
        "381/s ✓",
        "415/s ✗",
        "415/s ✗",
        "398/s ✓",
        "398/s ✓",
    ];
    assert_eq!(tried, expected);
    let Some(Knee::Between { held, broken }) = search.knee() else {
        panic!("{:?}", search.knee());
    };
    assert_eq!(
        (bounds.text(held), bounds.text(broken)),
        ("398/s".into(), "415/s".into())
    );
    assert!(search.is_confirmed(held));
}

#[test]
fn the_ends_are_answers_too() {
    let bounds = users(10, 100);
    let (search, tried) = play(bounds, up_to(9));
    assert_eq!(tried, ["10 users ✗", "10 users ✗"]);
    assert_eq!(search.knee(), Some(Knee::Below { broken: 10 }));
    let (search, tried) = play(bounds, up_to(100));
    let expected = [
        "10 users ✓",
        "20 users ✓",
        "40 users ✓",
        "80 users ✓",
        "100 users ✓",
        "100 users ✓",
    ];
    assert_eq!(tried, expected);
    assert_eq!(search.knee(), Some(Knee::AtLeast { held: 100 }));
    // Between neighbours there is nobody.
    let (search, tried) = play(users(1, 8), up_to(2));
    assert_eq!(
        tried,
        [
            "1 user ✓",
            "2 users ✓",
            "4 users ✗",
            "4 users ✗",
            "3 users ✗",
            "3 users ✗",
            "2 users ✓"
        ]
    );
    assert_eq!(search.knee(), Some(Knee::Between { held: 2, broken: 3 }));
}

#[test]
fn one_bad_try_decides_nothing() {
    let bounds = users(10, 80);
    let mut tries = 0;
    let (search, tried) = play(bounds, |level| {
        tries += 1;
        // A disturbance in the third try.
        match level <= 60 && tries != 3 {
            true => Shown::Held,
            false => Shown::Broken,
        }
    });
    assert_eq!(
        tried[..5],
        [
            "10 users ✓",
            "20 users ✓",
            "40 users ✗",
            "40 users ✓",
            "40 users ✓"
        ]
    );
    let Some(Knee::Between { held, broken }) = search.knee() else {
        panic!("{:?}", search.knee());
    };
    assert!(
        held <= 60 && 60 < broken && broken as f64 <= held as f64 * 1.05 + 1.0,
        "{tried:?}"
    );
}

#[test]
fn an_answer_that_does_not_hold_again_is_too_much() {
    let bounds = users(64, 128);
    // 100 holds once, and never again.
    let mut seen = 0;
    let (search, tried) = play(bounds, |level| {
        seen += u32::from(level >= 95);
        match level < 95 || (level < 100 && seen <= 5) {
            true => Shown::Held,
            false => Shown::Broken,
        }
    });
    let Some(Knee::Between { held, .. }) = search.knee() else {
        panic!("{:?}", search.knee());
    };
    assert!(held < 95, "{tried:?}");
    assert!(search.is_confirmed(held), "{tried:?}");
}

#[test]
fn every_capacity_is_found_within_the_precision_and_the_number_of_tries() {
    for precision in [0.01, 0.05, 0.2, 0.5] {
        for most in [1u64, 2, 3, 7, 10, 99, 100, 101, 777, 4_000, 20_000, 99_999] {
            let bounds = Bounds {
                precision,
                ..users(1, 100_000)
            };
            let (search, tried) = play(bounds, up_to(most));
            let Some(Knee::Between { held, broken }) = search.knee() else {
                panic!("{most}: {:?}", search.knee());
            };
            assert!(held <= most && most < broken, "{most}: {tried:?}");
            let close = broken as f64 <= held as f64 * (1.0 + precision) || broken == held + 1;
            assert!(close && search.is_confirmed(held), "{most}: {tried:?}");
        }
    }
}

/// Near the knee it is a matter of luck whether a level holds.
#[test]
fn noise_moves_the_answer_by_less_than_the_noise() {
    let bounds = users(10, 10_000);
    for seed in 0..500 {
        let mut random = random::Stream::keyed(seed);
        let (search, tried) = play(bounds, |level| {
            // Holds surely below 900, never above 1100.
            let chance = (1_100.0 - level as f64) / 200.0;
            match (random.up_to(999) as f64) < chance * 1_000.0 {
                true => Shown::Held,
                false => Shown::Broken,
            }
        });
        let Some(Knee::Between { held, .. }) = search.knee() else {
            panic!("{seed}: {:?}", search.knee());
        };
        assert!((850..=1_100).contains(&held), "{seed}: {held} {tried:?}");
    }
}
