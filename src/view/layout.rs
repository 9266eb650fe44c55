//! Which lines a terminal shows: a pure function of snapshot, time and size.
//!
//! ```text
//! Flaskr endurance  → http://127.0.0.1:5000
//! ━━───────────────────  01:20:00 / 72:03:00  ETA 70:43:00  full load
//! editor  ━━━━━━━━━━  25/25 users
//! reader  ━━━━──────  12/25 users  3 failed starts
//! 412.0/s  errors 0.12%  p50 4ms  p95 12ms  p99 31ms  (last 10 s)  123,456 requests
//! generator  a worker is busy: 97% of a core
//! POST /create  12 failures, mostly expectation
//! ✗ p95 < 300ms over 5m  was 412ms, in the 5m up to 12m30s
//! ```
//!
//! A [`Line`] knows its tones and its gauge but neither colour codes nor the
//! characters of a bar: those are the business of who draws it.

use std::time::Duration;

use crate::stats::{
    ClassSnapshot, FailingName, Outcome, Phase, Recent, Snapshot, ThresholdResult, Warning,
};

use super::{
    judged,
    live::Title,
    numbers,
    text::{clean, columns, counted, cut, errors, hours, percentile},
};

/// A line of at most the terminal's width.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// At most one of them is a gauge.
    pub parts: Vec<Part>,
}

/// A piece of a line; gaps are part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Text(String, Tone),
    /// A bar of so many columns, so many of them filled.
    Gauge {
        columns: u16,
        filled: u16,
    },
}

/// What a text wants to be: colour, where there is colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Strong,
    Faint,
    Bad,
}

/// The size of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub columns: u16,
    pub rows: u16,
}

/// So many classes have a line of their own; the rest is added up in one more.
const CLASS_LINES: usize = 8;

/// What the numbers are about.
const LAST: &str = "(last 10 s)";

/// Below this width numbers need the room that gauges would take.
const GAUGES_FROM_COLUMNS: u16 = 60;

/// The lines to show. `now` is a snapshot and the run's time, which has gone on
/// since it was taken; `None` before the first one.
pub fn frame(title: &Title, now: Option<(&Snapshot, Duration)>, size: Size) -> Vec<Line> {
    let mut lines = vec![title_line(title, size.columns)];
    let Some((snapshot, elapsed)) = now else {
        let mut row = Row::new(size.columns);
        row.field("starting", Tone::Faint);
        lines.push(row.line);
        return lines;
    };
    lines.push(run_line(snapshot, elapsed, size.columns));
    // The classes get what the title, the run, its numbers, a warning, failures and
    // thresholds leave.
    let warnings = snapshot.warnings.len().min(1);
    let below = snapshot.failing.len() + snapshot.thresholds.len().min(judged::SHOWN);
    let room = usize::from(size.rows).saturating_sub(3 + warnings + below);
    lines.extend(class_lines(&snapshot.classes, room, size.columns));
    lines.push(numbers_line(
        &snapshot.recent,
        snapshot.requests,
        size.columns,
    ));
    lines.extend(warning_line(&snapshot.warnings, size.columns));
    lines.extend(failing_lines(&snapshot.failing, size.columns));
    lines.extend(threshold_lines(&snapshot.thresholds, size.columns));
    lines
}

fn title_line(title: &Title, width: u16) -> Line {
    let mut row = Row::new(width);
    row.rest(&clean(&title.plan), Tone::Strong);
    row.rest(&format!("→ {}", clean(&title.target)), Tone::Faint);
    row.line
}

fn run_line(snapshot: &Snapshot, elapsed: Duration, width: u16) -> Line {
    let mut row = Row::new(width);
    let gauge = (width / 4).min(40);
    match (snapshot.ends_at, snapshot.iterations) {
        (Some(ends_at), _) => row.gauge(elapsed.as_secs_f64(), ends_at.as_secs_f64(), gauge),
        (None, (begun, Some(passes))) => row.gauge(begun as f64, passes as f64, gauge),
        (None, (_, None)) => {}
    }
    let time = match snapshot.ends_at {
        Some(ends_at) => format!("{} / {}", hours(elapsed), hours(ends_at)),
        None => hours(elapsed),
    };
    row.field(&time, Tone::Plain);
    if let (begun, Some(passes)) = snapshot.iterations {
        let text = format!(
            "{} of {}",
            numbers::count(begun),
            counted(passes, "iteration")
        );
        row.field(&text, Tone::Plain);
    }
    match (snapshot.phase, snapshot.ends_at) {
        (Phase::RampUp | Phase::Hold | Phase::RampDown, Some(ends_at)) => {
            // From whole seconds, so that both clocks of the line tick together.
            let left = Duration::from_secs(ends_at.as_secs().saturating_sub(elapsed.as_secs()));
            row.field(&format!("ETA {}", hours(left)), Tone::Plain);
        }
        // How long running tasks take, nobody knows.
        (Phase::RampUp | Phase::Hold | Phase::RampDown, None)
        | (Phase::Setup | Phase::Draining | Phase::Teardown | Phase::Ended, _) => {}
    }
    row.field(&stage(snapshot), Tone::Strong);
    row.line
}

/// The stage by its name, where it has one.
fn stage(snapshot: &Snapshot) -> String {
    match (snapshot.phase, &snapshot.stage) {
        (Phase::RampUp | Phase::Hold | Phase::RampDown, Some(name)) => clean(name),
        (Phase::RampUp | Phase::Hold | Phase::RampDown, None)
        | (Phase::Setup | Phase::Draining | Phase::Teardown | Phase::Ended, _) => {
            snapshot.phase.words().to_owned()
        }
    }
}

/// A line per class, in at most `room` lines where that is possible.
fn class_lines(classes: &[ClassSnapshot], room: usize, width: u16) -> Vec<Line> {
    let own = if classes.len() <= room.min(CLASS_LINES) {
        classes.len()
    } else {
        room.saturating_sub(1).min(CLASS_LINES)
    };
    let (shown, rest) = classes.split_at(own);
    let mut classes: Vec<(String, Users)> = shown
        .iter()
        .map(|class| (clean(&class.name), Users::default().plus(class)))
        .collect();
    if !rest.is_empty() {
        let name = match own {
            0 => format!("{} classes", rest.len()),
            _ => format!("{} more", rest.len()),
        };
        classes.push((name, rest.iter().fold(Users::default(), Users::plus)));
    }
    let names = name_columns(classes.iter().map(|(name, _)| name.as_str()), width / 3);
    classes
        .iter()
        .map(|(name, users)| {
            let mut row = Row::new(width);
            row.name(name, names);
            row.gauge(users.now as f64, users.planned as f64, 10);
            row.field(&users.text(), Tone::Plain);
            if let Some(dropped @ 1..) = users.dropped {
                let text = format!("{} dropped", numbers::count(dropped));
                row.field(&text, Tone::Bad);
            }
            if users.failed_starts > 0 {
                row.field(&counted(users.failed_starts, "failed start"), Tone::Bad);
            }
            row.line
        })
        .collect()
}

/// The users of a class, or of several.
#[derive(Default)]
struct Users {
    now: u64,
    planned: u64,
    failed_starts: u64,
    /// Of those who come with arrivals, if any do.
    dropped: Option<u64>,
}

impl Users {
    /// `12/25 users`; of those who come with arrivals `12 of at most 25 users`.
    fn text(&self) -> String {
        let now = numbers::count(self.now);
        let planned = counted(self.planned, "user");
        match self.dropped {
            None => format!("{now}/{planned}"),
            Some(_) => format!("{now} of at most {planned}"),
        }
    }

    fn plus(self, class: &ClassSnapshot) -> Users {
        Users {
            dropped: match (self.dropped, class.dropped) {
                (None, None) => None,
                (some, other) => Some(some.unwrap_or(0) + other.unwrap_or(0)),
            },
            now: self.now + class.users,
            planned: self.planned + class.planned,
            failed_starts: self.failed_starts + class.failed_starts,
        }
    }
}

fn numbers_line(recent: &Recent, requests: u64, width: u16) -> Line {
    let errors_tone = match recent.errors {
        Some(share) if share > 0.0 => Tone::Bad,
        Some(_) | None => Tone::Plain,
    };
    let mut row = Row::new(width);
    row.field(&numbers::rate(recent.rate), Tone::Strong);
    row.field(&errors(recent.errors), errors_tone);
    row.field(&percentile("p50", recent.p50), Tone::Plain);
    row.field(&percentile("p95", recent.p95), Tone::Plain);
    row.field(&percentile("p99", recent.p99), Tone::Plain);
    let requests = counted(requests, "request");
    // Of the two, the note is the one to do without.
    if row.fits(&format!("{LAST}{GAP}{requests}")) {
        row.field(LAST, Tone::Faint);
    }
    row.field(&requests, Tone::Plain);
    row.line
}

/// What the generator is short of; of several things the most urgent.
fn warning_line(warnings: &[Warning], width: u16) -> Option<Line> {
    let warning = warnings.first()?;
    let mut row = Row::new(width);
    row.field("generator", Tone::Strong);
    row.field(&warning.to_string(), Tone::Bad);
    Some(row.line)
}

/// Those that are worst, and how many more there are.
fn threshold_lines(thresholds: &[ThresholdResult], width: u16) -> Vec<Line> {
    let (shown, more) = judged::shown(thresholds);
    let last = shown.len().saturating_sub(1);
    let lines = shown.into_iter().enumerate().map(|(at, result)| {
        let (mark, tone) = match result.outcome {
            Outcome::Pass => ("✓", Tone::Faint),
            Outcome::Fail => ("✗", Tone::Bad),
            Outcome::NoData => ("?", Tone::Plain),
        };
        let mut row = Row::new(width);
        let text = clean(&result.threshold.to_string());
        row.rest(&format!("{mark} {text}"), tone);
        row.field(&result.finding(), tone);
        if at == last && more > 0 {
            row.field(&format!("and {more} more"), Tone::Faint);
        }
        row.line
    });
    lines.collect()
}

fn failing_lines(failing: &[FailingName], width: u16) -> Vec<Line> {
    let cleaned: Vec<String> = failing.iter().map(|one| clean(&one.name)).collect();
    let names = name_columns(cleaned.iter().map(String::as_str), width / 2);
    cleaned
        .iter()
        .zip(failing)
        .map(|(name, one)| {
            let mostly = if one.count == 1 { "" } else { "mostly " };
            let mut row = Row::new(width);
            row.name(name, names);
            let short = counted(one.count, "failure");
            let long = format!("{short}, {mostly}{}", one.kind);
            let text = if row.fits(&long) { long } else { short };
            row.field(&text, Tone::Bad);
            row.line
        })
        .collect()
}

/// The columns of the longest name, but at most `most`.
fn name_columns<'a>(names: impl Iterator<Item = &'a str>, most: u16) -> usize {
    names.map(columns).max().unwrap_or(0).min(usize::from(most))
}

/// A line being put together from the left, with two spaces between its parts.
struct Row {
    line: Line,
    width: u16,
    left: usize,
}

/// Between two parts of a line.
const GAP: &str = "  ";

impl Row {
    fn new(width: u16) -> Row {
        Row {
            line: Line::default(),
            width,
            left: usize::from(width),
        }
    }

    /// Adds a text, whole or not at all: a number that is cut is a wrong
    /// number. After one that does not fit, none is added any more.
    fn field(&mut self, text: &str, tone: Tone) {
        if self.fits(text) {
            self.rest(text, tone);
        } else {
            self.left = 0;
        }
    }

    /// Adds a text, cut to what is left.
    fn rest(&mut self, text: &str, tone: Tone) {
        let gap = self.gap();
        let text = cut(text, self.left.saturating_sub(gap));
        if !text.is_empty() {
            self.left -= gap + columns(&text);
            let text = format!("{}{text}", &GAP[..gap]);
            self.line.parts.push(Part::Text(text, tone));
        }
    }

    /// Adds a name, cut or filled up to `columns`.
    fn name(&mut self, name: &str, columns: usize) {
        let name = console::pad_str(name, columns, console::Alignment::Left, Some("…"));
        self.rest(&name, Tone::Plain);
    }

    /// Adds a gauge of `part` in `whole`, if there is room for such things.
    fn gauge(&mut self, part: f64, whole: f64, columns: u16) {
        let gap = self.gap();
        if self.width < GAUGES_FROM_COLUMNS || gap + usize::from(columns) > self.left {
            return;
        }
        if gap > 0 {
            self.line
                .parts
                .push(Part::Text(GAP.to_owned(), Tone::Plain));
        }
        let share = if whole > 0.0 {
            (part / whole).clamp(0.0, 1.0)
        } else {
            0.0
        };
        // Rounded down: a gauge is full when all is there, and not before.
        let filled = (share * f64::from(columns)) as u16;
        self.line.parts.push(Part::Gauge { columns, filled });
        self.left -= gap + usize::from(columns);
    }

    fn fits(&self, text: &str) -> bool {
        self.gap() + columns(text) <= self.left
    }

    fn gap(&self) -> usize {
        if self.line.parts.is_empty() {
            0
        } else {
            GAP.len()
        }
    }
}
