//! Where the time of requests went: a line for each request name, and their total.
//!
//! Phases that no request had are left out, and all of it where there were none.

use std::{cmp::Reverse, time::Duration};

use serde_json::{Value, json};

use super::{
    summary::us,
    table::shorten,
    text::{Layout, line, one_line, section, widest},
};
use crate::{
    base::figures,
    stats::{Latencies, PhaseKind, RowTotals, RunRecord},
};

/// How many names are shown: those that let wait longest. A reader who looks for one
/// that is fast finds it in the summary.
const MAX_SHOWN: usize = 10;

/// As many digits as percentiles of phases have.
const DIGITS: usize = 2;

/// Names up to this wide are worth more than a column.
const NAME_WIDTH: usize = 20;

/// Names are not shortened below this, whatever the width.
const MIN_NAME_WIDTH: usize = 12;

/// What is shown of a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Figure {
    Mean,
    P95,
}

/// One figure of one phase, of all rows.
struct Column {
    kind: PhaseKind,
    figure: Figure,
    cells: Vec<String>,
    width: usize,
}

/// What a narrow terminal does without, the most dispensable first.
const DISPENSABLE: [(PhaseKind, Figure); 5] = [
    (PhaseKind::Dns, Figure::P95),
    (PhaseKind::Tls, Figure::P95),
    (PhaseKind::Connect, Figure::P95),
    (PhaseKind::Receiving, Figure::P95),
    (PhaseKind::Waiting, Figure::P95),
];

/// Writes them, where there is something to say.
pub(super) fn write(record: &RunRecord, layout: Layout, out: &mut String) {
    let total = &record.total;
    let took_time = |kind: &PhaseKind| {
        let max = total.phase(*kind).and_then(Latencies::max);
        max.is_some_and(|max| !max.is_zero())
    };
    if total.connections == 0 && !PhaseKind::ALL.iter().any(took_time) {
        return;
    }
    let (mut rows, left_out) = slowest(record);
    rows.push(total);

    let kinds = PhaseKind::ALL.into_iter();
    let kinds = kinds.filter(|kind| total.phase(*kind).is_some());
    let columns = kinds.flat_map(|kind| [Figure::Mean, Figure::P95].map(|figure| (kind, figure)));
    let mut columns: Vec<_> = columns
        .map(|(kind, figure)| Column::of(kind, figure, &rows))
        .collect();
    let opened: Vec<_> = rows.iter().map(|row| row.connections.to_string()).collect();
    let opened_width = widest(opened.iter().map(String::as_str).chain([OPENED]));
    let names = widest(rows.iter().map(|row| &*row.name));

    let figures = |columns: &[Column]| 2 + 2 + opened_width + widths(columns);
    let mut missing = Vec::new();
    for (kind, figure) in DISPENSABLE {
        if names.min(NAME_WIDTH) + figures(&columns) <= layout.width {
            break;
        }
        let all = columns.len();
        columns.retain(|column| (column.kind, column.figure) != (kind, figure));
        if columns.len() < all {
            missing.push(format!("{} of {}", figure.title(), kind.code()));
        }
    }
    widen(&mut columns);
    let room = layout.width.saturating_sub(figures(&columns));
    let names = names.min(room.max(MIN_NAME_WIDTH));

    section("Phases", layout.colour, out);
    header(&columns, names + 2 + opened_width, out);
    for (place, row) in rows.iter().enumerate() {
        let name = shorten(&one_line(&row.name), names);
        let mut text = format!("  {name:<names$}  {:>opened_width$}", opened[place]);
        for column in &columns {
            let width = column.width;
            text.push_str(&format!("  {:>width$}", column.cells[place]));
        }
        line(out, &text);
    }
    if left_out > 0 {
        let plural = if left_out == 1 { "" } else { "s" };
        line(
            out,
            &format!("  and {left_out} more name{plural} with less waiting"),
        );
    }
    if !missing.is_empty() {
        line(out, &format!("  (too narrow for: {})", missing.join(", ")));
    }
}

/// What the column of connections is called.
const OPENED: &str = "opened";

/// Rows with something in them, by name; of too many those that let wait longest, the
/// longest first, and how many others there are.
fn slowest(record: &RunRecord) -> (Vec<&RowTotals>, usize) {
    let has_some = |row: &&RowTotals| {
        row.connections > 0 || PhaseKind::ALL.iter().any(|kind| row.phase(*kind).is_some())
    };
    let mut rows: Vec<_> = record.rows.iter().filter(has_some).collect();
    let left_out = rows.len().saturating_sub(MAX_SHOWN);
    if left_out > 0 {
        let waiting = |row: &RowTotals| row.phase(PhaseKind::Waiting)?.mean();
        rows.sort_by_key(|row| Reverse(waiting(row)));
        rows.truncate(MAX_SHOWN);
    }
    (rows, left_out)
}

impl Figure {
    fn title(self) -> &'static str {
        match self {
            Figure::Mean => "mean",
            Figure::P95 => "p95",
        }
    }

    fn of(self, row: &RowTotals, kind: PhaseKind) -> Option<Duration> {
        let times = row.phase(kind)?;
        match self {
            Figure::Mean => times.mean(),
            Figure::P95 => times.percentile(95.0),
        }
    }
}

impl Column {
    fn of(kind: PhaseKind, figure: Figure, rows: &[&RowTotals]) -> Column {
        let cell = |row: &&RowTotals| {
            let time = figure.of(row, kind);
            time.map_or_else(|| "–".to_owned(), |time| figures::time_to(time, DIGITS))
        };
        let cells: Vec<_> = rows.iter().map(cell).collect();
        let texts = cells.iter().map(String::as_str).chain([figure.title()]);
        Column {
            kind,
            figure,
            width: widest(texts),
            cells,
        }
    }
}

/// How wide columns are together; the name of each phase has room above them.
fn widths(columns: &[Column]) -> usize {
    let of_phases = columns.chunk_by(|one, next| one.kind == next.kind);
    of_phases
        .map(|of_phase| {
            let all: usize = of_phase.iter().map(|column| 2 + column.width).sum();
            all.max(2 + of_phase[0].kind.code().len())
        })
        .sum()
}

/// Makes the first column of a phase as wide as the name of the phase needs it.
fn widen(columns: &mut [Column]) {
    for of_phase in columns.chunk_by_mut(|one, next| one.kind == next.kind) {
        let all: usize = of_phase.iter().map(|column| 2 + column.width).sum();
        of_phase[0].width += widths(of_phase) - all;
    }
}

/// Two lines: the phases, and the figures of each.
fn header(columns: &[Column], before: usize, out: &mut String) {
    let mut phases = " ".repeat(2 + before);
    let mut figures = format!("  {OPENED:>before$}");
    for of_phase in columns.chunk_by(|one, next| one.kind == next.kind) {
        let width = widths(of_phase) - 2;
        phases.push_str(&format!("  {:^width$}", of_phase[0].kind.code()));
        for column in of_phase {
            let width = column.width;
            figures.push_str(&format!("  {:>width$}", column.figure.title()));
        }
    }
    line(out, phases.trim_end());
    line(out, &figures);
}

/// Those of a row, for programs.
pub(super) fn document(row: &RowTotals) -> Value {
    let phases = PhaseKind::ALL.into_iter().map(|kind| {
        let times = row.phase(kind);
        let percentile = |percent| times.and_then(|times| times.percentile(percent)).map(us);
        let times = json!({
            "count": times.map_or(0, Latencies::count),
            "mean_us": times.and_then(Latencies::mean).map(us),
            "p50_us": percentile(50.0),
            "p95_us": percentile(95.0),
            "p99_us": percentile(99.0),
            "max_us": times.and_then(Latencies::max).map(us),
        });
        (kind.code().to_owned(), times)
    });
    phases.collect::<serde_json::Map<_, _>>().into()
}
