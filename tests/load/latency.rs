//! What is measured is what happened.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use plan::{
    base::{random::key, rate::Rate},
    protocol::{
        scripted::{Answer, Scripted},
        simulated::Model,
    },
    stats::{Latencies, RunRecord},
};

use super::{
    plan,
    running::{Run, compile, ms},
};

/// Runs a plan of two hundred arrivals per second for a minute; returns its record and
/// the times that its target took, in ascending order.
async fn measured(
    latency: impl Fn(u64) -> Duration + Send + Sync + 'static,
) -> (RunRecord, Vec<Duration>) {
    let times = Arc::new(Mutex::new(Vec::new()));
    let taken = times.clone();
    let target = Scripted::new(move |_| {
        let mut taken = taken.lock().expect("nobody panics while holding it");
        let time = latency(taken.len() as u64);
        taken.push(time);
        Answer::new(200, "").after(time)
    });
    let load = "{ arrivals: 200/s, max_users: 2000, duration: 1m }";
    let text = plan("none", load);
    let record = Run::of(compile(&text), target).go().await;
    let mut times = times.lock().expect("as above").clone();
    times.sort_unstable();
    (record, times)
}

/// Within 1 % or 1 ms of the truth, and in order.
fn agree(what: &str, measured: &Latencies, truth: &[Duration]) {
    let mut before = Duration::ZERO;
    for percent in [1.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.9, 99.99] {
        // 99.9 % of 12,000 are 11,988, and not one more because of a digit far behind the point.
        let rank = (percent / 100.0 * truth.len() as f64 - 1e-6).ceil() as usize;
        let wanted = truth[rank - 1];
        let got = measured.percentile(percent).expect("there are answers");
        let off = got.abs_diff(wanted);
        let allowed = wanted.div_f64(100.0).max(ms(1));
        assert!(
            off <= allowed,
            "p{percent} of {what}: {got:?}, not {wanted:?}"
        );
        assert!(
            before <= got,
            "p{percent} of {what} is less than the one before"
        );
        before = got;
    }
    assert!(before <= measured.max().expect("there are answers"));
}

/// Half of them within 30 ms, one in a hundred longer than 190 ms.
fn lognormal(n: u64) -> Duration {
    // Of two numbers between 0 and 1 one that is normal (Box and Muller).
    let unit = |k: u64| (key(&[n, k]) >> 11) as f64 / (1_u64 << 53) as f64;
    let normal = (-2.0 * unit(0).ln()).sqrt() * (std::f64::consts::TAU * unit(1)).cos();
    Duration::from_secs_f64(0.03 * (0.8 * normal).exp())
}

#[tokio::test(start_paused = true)]
async fn percentiles_are_those_of_the_target() {
    type Shape = fn(u64) -> Duration;
    let rows: [(&str, Shape); 4] = [
        ("constant", |_| ms(37)),
        // One in ten takes twenty times as long.
        ("bimodal", |n| ms(if n % 10 == 0 { 400 } else { 20 })),
        ("spread", |n| ms(n * 7_919 % 1_000 + 1)),
        ("lognormal", lognormal),
    ];
    for (what, latency) in rows {
        let (record, truth) = measured(latency).await;
        assert_eq!(truth.len(), 12_000);
        agree(what, record.total.response(), &truth);
        agree(what, record.total.service(), &truth);
    }
}

/// The lognormal distribution of `plan simulate`, whose percentiles are known.
#[tokio::test(start_paused = true)]
async fn a_lognormal_target_has_its_percentiles() {
    let model = Model {
        latency: "p50=50ms,p99=500ms".parse().expect("a model"),
        errors: 0.0,
        max_rate: None,
    };
    let load = "{ arrivals: 500/s, max_users: 5000, duration: 2m }";
    let text = plan("none", load);
    let record = Run::of(compile(&text), model.target(3)).go().await;
    let near = |percent: f64, wanted_ms: f64| {
        let got = record
            .total
            .response()
            .percentile(percent)
            .expect("answers");
        let off = got.as_secs_f64() * 1_000.0 / wanted_ms - 1.0;
        // Of 60,000 draws the 99th percentile is itself known to about 1.5 %.
        assert!(off.abs() < 0.04, "p{percent}: {got:?}, not {wanted_ms} ms");
    };
    near(50.0, 50.0);
    near(99.0, 500.0);
}

/// A target that stalls for two seconds every ten, and is fast otherwise. Each user is
/// stopped once in a stall, so that of its service times too few are long to be seen at
/// the 99th percentile; what was due in the meantime makes the response times long.
#[tokio::test(start_paused = true)]
async fn a_pace_that_a_stall_broke_is_seen_in_response_times_and_not_in_service_times() {
    let target = Scripted::new(|asked| {
        let in_cycle = asked.at.as_millis() % 10_000;
        let stalled = 2_000_u128.saturating_sub(in_cycle);
        let stalled = u64::try_from(stalled).expect("two seconds at most");
        Answer::new(200, "").after(ms(5 + stalled))
    });
    let text = plan(
        "{ pacing: 60ms }",
        "{ users: 20, ramp_up: 60ms, duration: 100s }",
    );
    let record = Run::of(compile(&text), target).go().await;
    let p99 = |times: &Latencies| times.percentile(99.0).expect("there are answers");
    let (service, response) = (p99(record.total.service()), p99(record.total.response()));
    assert!(service < ms(10), "service p99 {service:?}");
    assert!(response > ms(1_800), "response p99 {response:?}");
}

/// The same stalls: users who wait for their answers hardly come to see them, and
/// arrivals do.
#[tokio::test(start_paused = true)]
async fn arrivals_see_what_users_who_wait_do_not() {
    let run = |wait: &'static str, load: &'static str| async move {
        let target = Scripted::new(|asked| {
            let in_cycle = asked.at.as_millis() % 10_000;
            let stalled = 2_000_u128.saturating_sub(in_cycle);
            let stalled = u64::try_from(stalled).expect("two seconds at most");
            Answer::new(200, "").after(ms(5 + stalled))
        });
        let text = plan(wait, load);
        let record = Run::of(compile(&text), target).go().await;
        record.total.response().percentile(99.0).expect("answers")
    };
    let users = run("15ms", "{ users: 10, duration: 100s }").await;
    let arrivals = run(
        "none",
        "{ arrivals: 400/s, max_users: 1000, duration: 100s }",
    )
    .await;
    assert!(users < ms(10), "{users:?}");
    assert!(arrivals > ms(1_800), "{arrivals:?}");
}

/// Arrivals beyond what a target can do wait there ever longer, and then find no user.
#[tokio::test(start_paused = true)]
async fn a_target_at_its_limit_does_no_more() {
    let model = Model {
        latency: "10ms".parse().expect("a model"),
        errors: 0.0,
        max_rate: Some(Rate::parse("40/s").expect("a rate")),
    };
    let load = "{ arrivals: 50/s, max_users: 100, duration: 1m }";
    let text = plan("none", load);
    let record = Run::of(compile(&text), model.target(1)).go().await;
    let served = record.total.ok as f64 / record.elapsed.as_secs_f64();
    assert!((39.0..=40.1).contains(&served), "{served}/s");
    let dropped = record.classes[0].dropped;
    assert_eq!(dropped + record.total.ok, 3_000);
    // A hundred at most wait for 25 ms each.
    let longest = record.total.response().max().expect("answers");
    assert!(ms(2_400) < longest && longest < ms(2_600), "{longest:?}");
}
