//! Warns of what fills up, and of what is used up.

use std::time::Duration;

use super::{Bound, Draws, Forecast, Growth, growth::sum};
use crate::{
    base::{dealing::SharedBy, duration, figures},
    plan::rules::advice::{MORE_CREATES, TOO_FEW_ROWS},
    source::{Diagnostic, Diagnostics},
};

/// In a shorter run little can pile up.
const LONG: Duration = Duration::from_hours(1);

/// Creating up to so much more than is deleted may be meant to be even.
const EVEN: f64 = 1.05;

/// Finds what is probably not meant: rows that do not suffice, and what fills up.
pub fn examine(forecast: &Forecast, found: &mut Diagnostics) {
    for draws in &forecast.draws {
        found_too_few(draws, found);
    }
    examine_growth(forecast, found);
}

/// Data that come to an end before the run does.
fn found_too_few(draws: &Draws, found: &mut Diagnostics) {
    if !draws.dealing.ends() || !draws.are_too_few() {
        return;
    }
    let number = |number: f64| figures::number(number, figures::DIGITS);
    let (needed, each) = match draws.dealing.shared_by {
        SharedBy::Run => (draws.needed(), ""),
        SharedBy::User => (draws.needed(), " of each user"),
    };
    let needed = number(needed.unwrap_or(0.0).round());
    let (name, rows) = (&draws.name, draws.rows);
    let after = match draws.last() {
        Some(time) if !time.is_zero() => format!(" after about {}", figures::time(time)),
        Some(_) | None => String::new(),
    };
    let word = draws.dealing.at_end.word();
    found.push(
        Diagnostic::warning(
            TOO_FEW_ROWS,
            format!("`{name}` has {rows} rows for about {needed} draws{each}"),
        )
        .at(
            draws.place,
            format!("used up{after}: then {} (`at_end: {word}`)", draws.then()),
        )
        .help("give it more rows, draw fewer, or let it begin again with `at_end: wrap`"),
    );
}

/// Finds what grows without an end although the plan seems to take care that it
/// does not: it deletes too, but less.
fn examine_growth(forecast: &Forecast, found: &mut Diagnostics) {
    let Some(duration) = forecast.duration().filter(|time| *time >= LONG) else {
        return;
    };
    for growth in &forecast.growth {
        found_growing(growth, duration, found);
    }
}

fn found_growing(growth: &Growth, duration: Duration, found: &mut Diagnostics) {
    let (Some(created), Some(deleted)) = (sum(&growth.created).rate, sum(&growth.deleted).rate)
    else {
        return;
    };
    // A guard, or a set without a known end, could turn it round.
    if growth.deleted.is_empty()
        || created <= deleted * EVEN
        || matches!(growth.bound, Bound::AtMost | Bound::Unclear)
    {
        return;
    }
    let more = |per_second: f64, time: Duration| {
        figures::number(per_second * time.as_secs_f64(), figures::DIGITS)
    };
    let net = created - deleted;
    let mut diagnostic = Diagnostic::warning(
        MORE_CREATES,
        format!(
            "more is created than deleted below `{}`: {} an hour, {} in {}",
            growth.path,
            more(net, LONG),
            more(net, duration),
            duration::text(duration)
        ),
    );
    let created = growth.created.iter().map(|change| (change, "created"));
    let deleted = growth.deleted.iter().map(|change| (change, "deleted"));
    for (change, what) in created.chain(deleted) {
        if let Some(rate) = change.amount.rate {
            diagnostic =
                diagnostic.at(change.place, format!("{} an hour {what}", more(rate, LONG)));
        }
    }
    found.push(diagnostic.help(
        "delete as often as you create; `plan validate --explain` shows what is done how often",
    ));
}
