//! How the machine fares that makes the load, and what becomes of a run in which it
//! was the bottleneck.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

#[path = "../faults/mod.rs"]
mod faults;
#[path = "../running/mod.rs"]
mod running;

mod judging;
mod real;
mod told;

use std::time::Duration;

use plan::protocol::scripted::{Answer, Scripted};
use running::{Run, compile, ms};

#[tokio::test(start_paused = true)]
async fn on_a_paused_clock_timers_are_never_late_and_each_start_is_known() {
    let graph = compile(
        "
        plan: 1
        target: http://target
        users:
          one: { wait: 1s..2s700ms, sequence: [get: /] }
        load: { users: 7, ramp_up: 3s, duration: 60s }
        ",
    );
    let target = Scripted::new(|_| Answer::new(200, "").after(ms(3)));
    let record = Run::of(graph, target).workers(3).go().await;

    let timekeeping = &record.generator.timekeeping;
    // Each worker has a timer for its window of each second at least.
    assert!(timekeeping.timer_delay.count() > 3 * 60);
    assert_eq!(timekeeping.timer_delay.max(), Some(Duration::ZERO));
    // Timers are rounded up to the next millisecond.
    assert_eq!(timekeeping.start_lag.count(), 7);
    assert!(timekeeping.start_lag.max() < Some(ms(1)));

    let summary = plan::report::summary(&record);
    assert_eq!(summary["generator"]["timer_delay"]["max_us"], 0);
    assert_eq!(summary["generator"]["start_lag"]["count"], 7);
}
