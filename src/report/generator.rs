//! How the machine fared that made the load.

use serde_json::{Value, json};

use super::{
    summary::{latencies, us},
    text::{YELLOW, counted, line, paint, section},
};
use crate::{
    base::{colour::Colour, figures},
    stats::{Bottleneck, Cpu, Latencies, Level, OnSaturation, RunRecord, Timekeeping, Warning},
};

/// How many warnings the text shows; the summary has them all.
const SHOWN: usize = 10;

/// Says before all numbers that they are not the target's, if so it is.
pub(super) fn at_the_top(record: &RunRecord, colour: Colour, out: &mut String) {
    let Some(bottleneck) = &record.generator.bottleneck else {
        return;
    };
    let what_of_it = match record.generator.on_saturation {
        OnSaturation::Inconclusive => "these numbers may be its own and not the target's",
        OnSaturation::Tolerated => "which --allow-saturation tolerates",
    };
    let text = format!("The generator was the bottleneck: {bottleneck}; {what_of_it}.");
    line(out, "");
    line(out, &paint(&text, YELLOW.bold(), colour));
}

/// Writes what is known of it; nothing, where nothing is.
pub(super) fn write(record: &RunRecord, colour: Colour, out: &mut String) {
    let lines = lines(record);
    if lines.is_empty() {
        return;
    }
    section("Generator", colour, out);
    for (what, text) in lines {
        line(out, &format!("  {what:<9}{text}"));
    }
}

fn lines(record: &RunRecord) -> Vec<(&'static str, String)> {
    let generator = &record.generator;
    let known = [
        ("cpu", generator.cpu.as_ref().map(cpu)),
        (
            "memory",
            generator.memory.map(|level| memory(level, record)),
        ),
        (
            "files",
            generator
                .files
                .map(|level| format!("{} open at most", of(level, plain))),
        ),
        (
            "ports",
            generator
                .ports
                .map(|level| format!("{} in use at most", of(level, plain))),
        ),
        ("timers", timers(&generator.timekeeping)),
        ("starts", late(&generator.timekeeping.start_lag)),
    ];
    let known = known
        .into_iter()
        .filter_map(|(what, text)| Some((what, text?)));
    let warnings = generator.warnings.iter().take(SHOWN);
    let warnings = warnings.map(|warning| ("warning", warned(warning)));
    let more = generator.warnings.len().saturating_sub(SHOWN) as u64 + generator.warnings_left_out;
    let more = (more > 0).then(|| ("", format!("and {} more", counted(more, "warning"))));
    known.chain(warnings).chain(more).collect()
}

/// `31% of 2 cores, a worker at most 64% of one`
fn cpu(cpu: &Cpu) -> String {
    let cores = counted(cpu.cores.into(), "core");
    let mut text = format!("{} of {cores}", figures::share(cpu.share));
    if let Some(busiest) = cpu.busiest_worker {
        let share = figures::share(busiest);
        text.push_str(&format!("; the busiest second of a worker {share} of one"));
    }
    text
}

/// `61 of 20000`
fn of(level: Level, figure: fn(u64) -> String) -> String {
    let used = figure(level.used);
    match level.limit {
        Some(limit) => format!("{used} of {}", figure(limit)),
        None => used,
    }
}

fn plain(number: u64) -> String {
    number.to_string()
}

fn timers(timekeeping: &Timekeeping) -> Option<String> {
    let mut text = late(&timekeeping.timer_delay)?;
    let worst = timekeeping.worst_second;
    if let Some(worst) = worst.filter(|worst| !worst.delay_p99.is_zero()) {
        let (at, p99) = (figures::time(worst.at), figures::time(worst.delay_p99));
        text.push_str(&format!("; worst second p99 {p99}, after {at}"));
    }
    Some(text)
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

fn memory(level: Level, record: &RunRecord) -> String {
    let most = format!("{} at most", of(level, figures::bytes));
    match record.memory_per_user() {
        Some((bytes, users)) => {
            format!(
                "{most}; {} for each of {users} users",
                figures::bytes(bytes)
            )
        }
        None => most,
    }
}

fn warned(warning: &Warning) -> String {
    let (from, to) = (figures::time(warning.from), figures::time(warning.to));
    if from == to {
        format!("{warning}, after {from}")
    } else {
        format!("{warning} at worst, from {from} to {to}")
    }
}

/// The same, for programs.
pub(super) fn document(record: &RunRecord) -> Value {
    let generator = &record.generator;
    let Timekeeping {
        timer_delay,
        worst_second,
        start_lag,
    } = &generator.timekeeping;
    json!({
        "bottleneck": generator.bottleneck.as_ref().map(bottleneck),
        "tolerated": match generator.on_saturation {
            OnSaturation::Inconclusive => false,
            OnSaturation::Tolerated => true,
        },
        "cpu": generator.cpu.map(|cpu| json!({
            "used_us": us(cpu.used),
            "cores": cpu.cores,
            "share": cpu.share,
            "busiest_worker": cpu.busiest_worker,
        })),
        "memory": generator.memory.map(|level| json!({
            "peak_bytes": level.used,
            "limit_bytes": level.limit,
            "before_bytes": generator.memory_before,
            "per_user_bytes": record.memory_per_user().map(|(bytes, _)| bytes),
        })),
        "files": level(generator.files, ["peak", "limit"]),
        "ports": level(generator.ports, ["peak", "limit"]),
        "timer_delay": latencies(timer_delay),
        "worst_second": worst_second.map(|worst| json!({
            "at_us": us(worst.at),
            "delay_p99_us": us(worst.delay_p99),
        })),
        "start_lag": latencies(start_lag),
        "warnings": generator.warnings.iter().map(|warning| json!({
            "shortage": warning.shortage.code(),
            "from_us": us(warning.from),
            "to_us": us(warning.to),
            "worst": warning.worst,
        })).collect::<Value>(),
        "warnings_left_out": generator.warnings_left_out,
    })
}

fn bottleneck(bottleneck: &Bottleneck) -> Value {
    let mut document = match bottleneck {
        Bottleneck::Saturated {
            computing,
            late,
            of,
        } => json!({
            "kind": "saturated",
            "computing_us": us(*computing),
            "late_us": us(*late),
            "of_us": us(*of),
        }),
        Bottleneck::Unconnected { connections } => json!({
            "kind": "unconnected",
            "connections": connections,
        }),
    };
    document["reason"] = bottleneck.to_string().into();
    document
}

fn level(level: Option<Level>, [used, limit]: [&str; 2]) -> Value {
    level.map_or(
        Value::Null,
        |level| json!({ used: level.used, limit: level.limit }),
    )
}
