//! The report as text: what was run, the table, what went wrong, the verdict.

use std::{fmt::Write as _, time::Duration};

use anstyle::{AnsiColor, Style};

use super::{capacity, failures, generator, phases, scenes, table, together};
use crate::{
    base::{colour::Colour, figures},
    profile,
    stats::{
        Ended, MAX_LEFT_OUT, MAX_NAMES, OTHER, Outcome, RunMeta, RunRecord, ThresholdResult,
        Verdict,
    },
};

/// How the text has to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Columns of the terminal. Where there is none, 120 is a good page.
    pub width: usize,
    pub colour: Colour,
}

/// The width of a report that is not for a terminal: every column fits.
pub const PAGE_WIDTH: usize = 120;

/// Writes the report. It ends with a line break.
pub fn render(record: &RunRecord, layout: Layout) -> String {
    let colour = layout.colour;
    let mut out = String::new();
    capacity::write(record, layout, &mut out);
    out.push_str(&header(record, colour));
    generator::at_the_top(record, colour, &mut out);
    out.push('\n');
    out.push_str(&table::draw(record, layout.width));
    out.push('\n');
    asides(record, &mut out);
    phases::write(record, layout, &mut out);
    users(record, colour, &mut out);
    together::write(record, colour, &mut out);
    data(record, colour, &mut out);
    scenes::write(record, colour, &mut out);
    skipped(record, colour, &mut out);
    names(record, colour, &mut out);
    generator::write(record, colour, &mut out);
    failures::write(record, layout, &mut out);
    thresholds(record, colour, &mut out);
    missing(record, colour, &mut out);

    let conclusion = one_line(&record.conclusion().to_string());
    line(&mut out, "");
    line(&mut out, &paint(&conclusion, style(record).bold(), colour));
    out
}

/// How the last line looks.
fn style(record: &RunRecord) -> Style {
    if record.unsaved.is_some() {
        return RED;
    }
    match (record.ended, record.verdict) {
        (
            Ended::Interrupted | Ended::Terminated | Ended::HungUp,
            Verdict::Passed | Verdict::Failed,
        )
        | (
            Ended::Finished
            | Ended::StoppedByPlan
            | Ended::AbortedByThreshold
            | Ended::Interrupted
            | Ended::Terminated
            | Ended::HungUp,
            Verdict::Inconclusive,
        ) => YELLOW,
        (Ended::Finished | Ended::StoppedByPlan | Ended::AbortedByThreshold, Verdict::Passed) => {
            GREEN
        }
        (Ended::Finished | Ended::StoppedByPlan | Ended::AbortedByThreshold, Verdict::Failed) => {
            RED
        }
    }
}

/// A text without control characters, which would move the cursor.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

/// Calendar time in UTC: `2026-11-22T19:21:00Z`, with `precision` digits of a second.
pub fn calendar(unix: Duration, precision: usize) -> String {
    let time = i64::try_from(unix.as_secs())
        .ok()
        .and_then(|seconds| {
            let nanos = i32::try_from(unix.subsec_nanos()).expect("below a thousand million");
            jiff::Timestamp::new(seconds, nanos).ok()
        })
        // A clock in the year 10000 is wrong, but no reason to lose the report.
        .unwrap_or(jiff::Timestamp::MAX);
    format!("{time:.precision$}")
}

fn header(record: &RunRecord, colour: Colour) -> String {
    /// As many digits of a fingerprint as nobody will see twice.
    const FINGERPRINT_DIGITS: usize = 12;
    let meta = &record.meta;
    let fingerprint: String = meta.fingerprint.chars().take(FINGERPRINT_DIGITS).collect();
    let mut out = String::new();
    line(&mut out, &paint(&one_line(&meta.plan), BOLD, colour));
    let mut field = |name: &str, value: &str| line(&mut out, &format!("  {name:<9}{value}"));
    field("target", &one_line(&meta.target));
    if let Some(unverified) = unverified(meta) {
        field("tls", &unverified);
    }
    field(
        "run",
        &format!("{}, seed {}", one_line(&meta.run_id), meta.seed),
    );
    field(
        "plan",
        &format!("{fingerprint}, run by version {}", meta.version),
    );
    if !meta.options.is_empty() {
        field("with", &one_line(&meta.options.join(" ")));
    }
    field(
        "started",
        &format!(
            "{}, took {} on {}",
            calendar(meta.started_unix, 0),
            figures::time(record.elapsed),
            counted(u64::from(meta.workers), "worker")
        ),
    );
    for load in &meta.schedule.loads {
        let whose = load.class.as_ref();
        let whose = whose.map_or(String::new(), |class| format!("{}: ", one_line(class)));
        field("load", &format!("{whose}{}", profile::text(&load.profile)));
    }
    if meta.wait_scale != 1.0 {
        field("waits", &format!("× {}", meta.wait_scale));
    }
    out
}

/// Whose certificates nobody looked at: numbers of an endpoint that may be another.
fn unverified(meta: &RunMeta) -> Option<String> {
    if meta.insecure.is_empty() {
        return None;
    }
    let by_whom = if meta.insecure.len() == meta.schedule.classes.len() {
        String::new()
    } else {
        let classes: Vec<_> = meta.insecure.iter().map(|class| one_line(class)).collect();
        format!(" by {}", classes.join(", "))
    };
    Some(format!(
        "certificates were not verified{by_whom} (insecure)"
    ))
}

/// What a reader should know about the table, where there is something to know.
fn asides(record: &RunRecord, out: &mut String) {
    let total = &record.total;
    let failed_starts: u64 = record.classes.iter().map(|class| class.failed_starts).sum();
    let dropped = record.classes.iter().map(|class| class.dropped).sum();
    let asides = [
        (dropped, "Arrivals dropped, since no user was free for them"),
        (
            total.redirects,
            "Redirects followed, each a part of its request",
        ),
        (
            total.resent,
            "Requests sent a second time, since the server had closed an idle connection",
        ),
        (
            total.interrupted,
            "Requests interrupted by the end of the run, neither ok nor failed",
        ),
        (failed_starts, "Users whose on_start failed"),
        (
            record.log_lines_left_out,
            "Lines of the log not shown, too many at a time",
        ),
    ];
    if asides.iter().any(|(count, _)| *count > 0) {
        line(out, "");
    }
    for (count, text) in asides {
        if count > 0 {
            line(out, &format!("{text}: {count}"));
        }
    }
}

/// How many steps are shown that made too many names.
const MAX_NAMERS: usize = 5;

/// Names beyond the bound, and who made them.
fn names(record: &RunRecord, colour: Colour, out: &mut String) {
    let count = record.names_left_out;
    if count == 0 {
        return;
    }
    let more = if count >= MAX_LEFT_OUT as u64 {
        " or more"
    } else {
        ""
    };
    section(
        &format!(
            "Too many names: {count}{more}, beyond the {MAX_NAMES} that have a row, counted as {OTHER}"
        ),
        colour,
        out,
    );
    let width = record
        .left_out_by
        .iter()
        .map(|(_, requests)| requests.to_string().len())
        .max();
    let width = width.unwrap_or(0);
    for (step, requests) in record.left_out_by.iter().take(MAX_NAMERS) {
        line(out, &format!("  {requests:>width$} × {}", one_line(step)));
    }
    if let Some(more @ 1..) = record.left_out_by.len().checked_sub(MAX_NAMERS) {
        line(out, &format!("  and {more} more steps"));
    }
    line(
        out,
        "  A name without an id, or none at all, makes them one row.",
    );
}

fn users(record: &RunRecord, colour: Colour, out: &mut String) {
    section("Users", colour, out);
    let width = widest(record.classes.iter().map(|class| &*class.name));
    for class in &record.classes {
        let planned = record
            .meta
            .schedule
            .classes
            .iter()
            .find(|(name, _)| *name == class.name)
            .map_or(0, |(_, users)| *users);
        let planned = match record.meta.schedule.comes_with_arrivals(&class.name) {
            false => format!("{planned} planned"),
            true => format!("at most {planned}"),
        };
        let mut text = format!(
            "  {:<width$}  {planned}, {} started, {}",
            one_line(&class.name),
            class.started,
            counted(class.iterations, "iteration")
        );
        if class.due > 0 {
            let due = counted(class.due, "arrival");
            write!(text, ", {due} due, {} dropped", class.dropped).expect("a String takes all");
        }
        if class.failed_starts > 0 {
            write!(text, ", {} failed to start", class.failed_starts).expect("a String takes all");
        }
        line(out, &text);
    }
}

/// How much of its data a run used.
fn data(record: &RunRecord, colour: Colour, out: &mut String) {
    if record.data.is_empty() {
        return;
    }
    section("Data", colour, out);
    let width = widest(record.data.iter().map(|data| &*data.name));
    for data in &record.data {
        let name = one_line(&data.name);
        let rows = counted(data.rows, "row");
        let text = format!("  {name:<width$}  {} drawn, of {rows}", data.drawn);
        line(out, &text);
    }
}

/// Steps that a `when` did not let pass.
fn skipped(record: &RunRecord, colour: Colour, out: &mut String) {
    if record.skipped.is_empty() {
        return;
    }
    section("Skipped steps", colour, out);
    let width = widest(record.skipped.iter().map(|(step, _)| &**step));
    for (step, count) in &record.skipped {
        line(out, &format!("  {:<width$}  {count}", one_line(step)));
    }
}

/// What should be known and is not.
fn missing(record: &RunRecord, colour: Colour, out: &mut String) {
    if record.missing.is_empty() {
        return;
    }
    section("Missing", colour, out);
    for what in &record.missing {
        line(
            out,
            &format!("  {}", paint(&one_line(what), YELLOW, colour)),
        );
    }
}

fn thresholds(record: &RunRecord, colour: Colour, out: &mut String) {
    let title = if record.meta.thresholds_are_default {
        "Thresholds (the default, because the plan has none)"
    } else {
        "Thresholds"
    };
    section(title, colour, out);
    let texts: Vec<String> = record
        .thresholds
        .iter()
        .map(|result| one_line(&result.threshold.to_string()))
        .collect();
    let width = widest(texts.iter().map(String::as_str));
    for (result, text) in record.thresholds.iter().zip(&texts) {
        let mark = mark(result, colour);
        let mut finding = result.finding();
        if let Some(at) = result.aborted_at {
            let at = figures::time(at);
            write!(finding, ", and ended the run after {at}").expect("a String takes all");
        }
        line(out, &format!("  {mark}  {text:<width$}  {finding}"));
    }
}

/// All marks are equally wide.
fn mark(result: &ThresholdResult, colour: Colour) -> String {
    match result.outcome {
        Outcome::Pass => paint("✓ PASS   ", GREEN, colour),
        Outcome::Fail => paint("✗ FAIL   ", RED, colour),
        Outcome::NoData => paint("? NO DATA", YELLOW, colour),
    }
}

pub(super) fn section(title: &str, colour: Colour, out: &mut String) {
    line(out, "");
    line(out, &paint(title, BOLD, colour));
}

pub(super) fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

/// How wide the widest is, as it is shown.
pub(super) fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts
        .map(|text| one_line(text).chars().count())
        .max()
        .unwrap_or(0)
}

pub(super) fn counted(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

const BOLD: Style = Style::new().bold();
const GREEN: Style = AnsiColor::Green.on_default();
const RED: Style = AnsiColor::Red.on_default();
pub(super) const YELLOW: Style = AnsiColor::Yellow.on_default();

pub(super) fn paint(text: &str, style: Style, colour: Colour) -> String {
    match colour {
        Colour::Plain => text.to_owned(),
        Colour::Coloured => format!("{style}{text}{style:#}"),
    }
}
