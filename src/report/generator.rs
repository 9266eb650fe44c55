//! How the machine fared that made the load.

use serde_json::{Value, json};

use super::{
    summary::{latencies, us},
    text::{line, section},
};
use crate::{
    base::{colour::Colour, figures},
    stats::{Generator, Latencies, RunRecord, Timekeeping},
};

/// Writes what is known of it; nothing, where nothing is.
pub(super) fn write(record: &RunRecord, colour: Colour, out: &mut String) {
    let lines = lines(&record.generator);
    if lines.is_empty() {
        return;
    }
    section("Generator", colour, out);
    for (what, text) in lines {
        line(out, &format!("  {what:<9}{text}"));
    }
}

fn lines(generator: &Generator) -> Vec<(&'static str, String)> {
    let Timekeeping {
        timer_delay,
        worst_second,
        start_lag,
    } = &generator.timekeeping;
    let timers = late(timer_delay).map(|mut text| {
        if let Some(worst) = worst_second.filter(|worst| !worst.delay_p99.is_zero()) {
            let (at, p99) = (figures::time(worst.at), figures::time(worst.delay_p99));
            text.push_str(&format!("; worst second: p99 {p99} after {at}"));
        }
        text
    });
    [("timers", timers), ("starts", late(start_lag))]
        .into_iter()
        .filter_map(|(what, text)| Some((what, text?)))
        .collect()
}

/// `p99 1.1ms late, at most 4.2ms`
fn late(times: &Latencies) -> Option<String> {
    let (p99, max) = (times.percentile(99.0)?, times.max()?);
    Some(format!(
        "p99 {} late, at most {}",
        figures::time(p99),
        figures::time(max)
    ))
}

/// The same, for programs.
pub(super) fn document(generator: &Generator) -> Value {
    let Timekeeping {
        timer_delay,
        worst_second,
        start_lag,
    } = &generator.timekeeping;
    json!({
        "timer_delay": latencies(timer_delay),
        "worst_second": worst_second.map(|worst| json!({
            "at_us": us(worst.at),
            "delay_p99_us": us(worst.delay_p99),
        })),
        "start_lag": latencies(start_lag),
    })
}
