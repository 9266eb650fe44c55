//! What it takes to ask a profile when somebody is due: hours of a load are as cheap as
//! minutes of it.
//!
//!     cargo bench --bench profile

use std::time::Duration;

use divan::{Bencher, black_box, counter::ItemsCount};
use plan::{
    base::rate::Spread,
    profile::{Model, Profile, Stages},
};

fn main() {
    divan::main();
}

const HOUR: Duration = Duration::from_secs(3600);

/// A rise, a plateau and a fall, again and again.
fn profile(hours: u32, model: Model) -> Profile {
    let peak = match model {
        Model::Closed => 500,
        // Millionths an hour: 50 a second.
        Model::Open { .. } => 50 * 3_600 * 1_000_000,
    };
    let mut stages = Stages::default();
    for _ in 0..hours {
        stages.to("rise", peak, HOUR / 4);
        stages.hold("plateau", HOUR / 2);
        stages.to("fall", peak / 10, HOUR / 4);
    }
    Profile::new(model, stages)
}

fn open(spread: Spread) -> Model {
    Model::Open {
        max_users: 1_000,
        spread,
    }
}

#[divan::bench(args = [1, 24, 72])]
fn nth_arrival(bencher: Bencher<'_, '_>, hours: u32) {
    let profile = profile(hours, open(Spread::Even));
    let total = profile.arrivals();
    let mut n = 0;
    bencher.bench_local(|| {
        n = (n + 7_919) % total;
        profile.arrival(black_box(n))
    });
}

#[divan::bench(args = [Spread::Even, Spread::Poisson])]
fn a_thousand_arrivals(bencher: Bencher<'_, '_>, spread: Spread) {
    let profile = profile(72, open(spread));
    let mut arrivals = profile.all_arrivals(1);
    bencher
        .counter(ItemsCount::new(1_000_usize))
        .bench_local(|| {
            for _ in 0..1_000 {
                if arrivals.next().is_none() {
                    arrivals = profile.all_arrivals(1);
                }
            }
        });
}

#[divan::bench(args = [1, 24, 72])]
fn stay_of_a_seat(bencher: Bencher<'_, '_>, hours: u32) {
    let profile = profile(hours, Model::Closed);
    let mut seat = 0;
    bencher.bench_local(|| {
        seat = (seat + 17) % 500;
        profile.stay_after(black_box(seat), HOUR * hours / 2)
    });
}
