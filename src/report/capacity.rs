//! How much the target holds: the answer, and the curve that leads to it.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    schedule,
    summary::us,
    text::{Layout, line, one_line, paint, section, widest},
};
use crate::{
    base::figures,
    profile::Knee,
    stats::{Capacity, RunRecord, SearchOutcome, Try, TryOutcome},
};

/// Columns behind the level and its mark.
const TITLES: [&str; 4] = ["requests", "p50", "p95", "errors"];

/// Cells of the longest bar.
const BAR: usize = 24;

/// Writes the answer and the curve, before the report of the try that decided.
pub(super) fn write(record: &RunRecord, layout: Layout, out: &mut String) {
    let colour = layout.colour;
    let Some(capacity) = &record.capacity else {
        return;
    };
    let bold = anstyle::Style::new().bold();
    line(
        out,
        &paint(&format!("Capacity: {}", capacity.found()), bold, colour),
    );
    let bounds = &capacity.bounds;
    let mut field = |name: &str, value: &str| line(out, &format!("  {name:<9}{value}"));
    field(
        "looked",
        &format!(
            "for the most {}, from {} to {}, to within {}",
            bounds.sought.word(),
            bounds.text(bounds.from),
            bounds.text(bounds.to),
            figures::share(bounds.precision),
        ),
    );
    let conditions: Vec<_> = capacity
        .conditions
        .iter()
        .map(|one| one_line(one))
        .collect();
    field("while", &conditions.join(", "));
    field(
        "took",
        &format!(
            "{}, {}",
            figures::time(capacity.elapsed),
            match capacity.tries.len() {
                1 => "one try".to_owned(),
                tries => format!("{tries} tries"),
            }
        ),
    );
    curve(capacity, layout.width, out);
    if !capacity.tries.is_empty() {
        section(decisive(capacity), colour, out);
    }
    line(out, "");
}

/// What the report is of that follows.
fn decisive(capacity: &Capacity) -> &'static str {
    match capacity.knee {
        Some(Knee::Between { .. } | Knee::AtLeast { .. }) => {
            "The last try at the highest level that held"
        }
        Some(Knee::Below { .. }) | None => "The last try",
    }
}

/// A line for each try, by level.
fn curve(capacity: &Capacity, width: usize, out: &mut String) {
    if capacity.tries.is_empty() {
        return;
    }
    let mut tries: Vec<&Try> = capacity.tries.iter().collect();
    tries.sort_by_key(|one| one.level);
    let levels: Vec<_> = tries
        .iter()
        .map(|one| capacity.bounds.text(one.level))
        .collect();
    let cells: Vec<_> = tries.iter().map(|one| cells(one)).collect();
    let widths: Vec<usize> = (0..TITLES.len())
        .map(|at| widest(cells.iter().map(|row| &*row[at]).chain([TITLES[at]])))
        .collect();
    // Each is followed by its mark.
    let level = widest(levels.iter().map(String::as_str)) + 2;
    let others = 4 + level + widths.iter().map(|width| width + 2).sum::<usize>();
    let longest = width.saturating_sub(others).min(BAR);
    let slowest = tries.iter().filter_map(|one| one.measured.p95_us);
    let slowest = slowest.fold(0.0, f64::max);
    let row = |first: &str, cells: &[String], bar: &str| {
        let cells = cells.iter().zip(&widths);
        let cells: String = cells
            .map(|(cell, width)| format!("  {cell:>width$}"))
            .collect();
        format!("  {first:>level$}{cells}  {bar}")
            .trim_end()
            .to_owned()
    };
    line(out, "");
    let title = if longest < 3 { "" } else { "p95" };
    line(out, &row("", &TITLES.map(str::to_owned), title));
    for ((one, name), cells) in tries.iter().zip(&levels).zip(&cells) {
        let bar = bar(one.measured.p95_us.unwrap_or(0.0), slowest, longest);
        let text = row(&format!("{name} {}", mark(&one.outcome)), cells, &bar);
        line(out, &text);
    }
    for one in tries {
        if let TryOutcome::Spoiled(why) = &one.outcome {
            let level = capacity.bounds.text(one.level);
            line(out, &format!("  {level} ? {}", one_line(why)));
        }
    }
}

fn cells(one: &Try) -> [String; 4] {
    let measured = &one.measured;
    let time = |us: Option<f64>| us.map_or_else(none, |us| figures::time(time_of(us)));
    [
        measured.rate.map_or_else(none, figures::rate),
        time(measured.p50_us),
        time(measured.p95_us),
        measured.errors.map_or_else(none, figures::share),
    ]
}

fn none() -> String {
    "-".to_owned()
}

fn mark(outcome: &TryOutcome) -> &'static str {
    match outcome {
        TryOutcome::Held => "✓",
        TryOutcome::Broken(_) => "✗",
        TryOutcome::Spoiled(_) => "?",
    }
}

/// As long as its value is of the highest; whatever is above 0 is seen.
fn bar(value: f64, most: f64, longest: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if value <= 0.0 || most <= 0.0 || longest == 0 {
        return String::new();
    }
    let eighths = (value / most * (longest * 8) as f64).round().max(1.0) as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

fn time_of(us: f64) -> Duration {
    Duration::from_nanos((us * 1_000.0).round() as u64)
}

/// For programs; null for a run that looked for nothing.
pub(super) fn document(capacity: Option<&Capacity>) -> Value {
    let Some(capacity) = capacity else {
        return Value::Null;
    };
    let bounds = &capacity.bounds;
    let level = |level: u64| schedule::level(level, bounds.model());
    let (held, broken) = match capacity.knee {
        None => (None, None),
        Some(Knee::Below { broken }) => (None, Some(broken)),
        Some(Knee::Between { held, broken }) => (Some(held), Some(broken)),
        Some(Knee::AtLeast { held }) => (Some(held), None),
    };
    let conditions = capacity.conditions.iter();
    let tries = capacity.tries.iter();
    json!({
        "max": bounds.sought.word(),
        "from": level(bounds.from),
        "to": level(bounds.to),
        "precision": bounds.precision,
        "while": conditions.map(|one| json!(**one)).collect::<Value>(),
        "held": held.map(level),
        "broken": broken.map(level),
        "outcome": match capacity.outcome {
            SearchOutcome::Found => "found",
            SearchOutcome::OutOfTries => "out_of_tries",
            SearchOutcome::Spoiled { .. } => "spoiled",
            SearchOutcome::Stopped => "stopped",
        },
        "elapsed_us": us(capacity.elapsed),
        "tries": tries.map(|one| try_of(capacity, one)).collect::<Value>(),
    })
}

fn try_of(capacity: &Capacity, one: &Try) -> Value {
    let (outcome, why) = match &one.outcome {
        TryOutcome::Held => ("held", None),
        TryOutcome::Broken(why) => ("broken", Some(why)),
        TryOutcome::Spoiled(why) => ("spoiled", Some(why)),
    };
    json!({
        "level": schedule::level(one.level, capacity.bounds.model()),
        "outcome": outcome,
        "why": why,
        "rate_per_s": one.measured.rate,
        "p50_us": one.measured.p50_us,
        "p95_us": one.measured.p95_us,
        "errors": one.measured.errors,
        "elapsed_us": us(one.elapsed),
    })
}
