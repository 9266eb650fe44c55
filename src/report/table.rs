//! The table of a report: a row for each request name, and their total.

use std::time::Duration;

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

use super::text::one_line;
use crate::{
    base::figures,
    stats::{RowTotals, RunRecord},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    Requests,
    Failed,
    Rate,
    Received,
    Min,
    Mean,
    P50,
    P90,
    P95,
    P99,
    Max,
}

const ALL: [Column; 12] = [
    Column::Name,
    Column::Requests,
    Column::Failed,
    Column::Rate,
    Column::Received,
    Column::Min,
    Column::Mean,
    Column::P50,
    Column::P90,
    Column::P95,
    Column::P99,
    Column::Max,
];

/// Those that a narrow terminal does without, the most dispensable first.
const DISPENSABLE: [Column; 7] = [
    Column::Min,
    Column::P90,
    Column::Received,
    Column::Mean,
    Column::Rate,
    Column::P50,
    Column::Max,
];

/// Names up to this wide are worth more than a dispensable column.
const NAME_WIDTH: usize = 40;

/// Names are not shortened below this, whatever the width.
const MIN_NAME_WIDTH: usize = 12;

/// Spaces between columns.
const GAP: usize = 2;

/// Draws the table so that it fits into `width` if it can.
pub(super) fn draw(record: &RunRecord, width: usize) -> String {
    let widths = drawing(record, &ALL, usize::MAX).column_max_content_widths();
    let width_of = |column: Column| usize::from(widths[column as usize]);
    let names = width_of(Column::Name);

    let mut columns = ALL.to_vec();
    let figures_of = |columns: &[Column]| {
        columns[1..]
            .iter()
            .map(|column| GAP + width_of(*column))
            .sum::<usize>()
    };
    let mut left_out = Vec::new();
    for column in DISPENSABLE {
        if names.min(NAME_WIDTH) + figures_of(&columns) <= width {
            break;
        }
        columns.retain(|kept| *kept != column);
        left_out.push(column.title());
    }
    let room = width.saturating_sub(figures_of(&columns));

    let table = drawing(record, &columns, room.max(MIN_NAME_WIDTH));
    let mut lines: Vec<String> = table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    // comfy-table rules off every row or none: the line under the header is
    // drawn again above the total.
    let rule = lines[1].clone();
    lines.insert(lines.len() - 1, rule);
    if !left_out.is_empty() {
        lines.push(format!("(too narrow for: {})", left_out.join(", ")));
    }
    lines.join("\n")
}

fn drawing(record: &RunRecord, columns: &[Column], name_width: usize) -> Table {
    let mut table = Table::new();
    table
        .load_style(TableStyle::new().header_separator(LineStyle::none().fill('─')))
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(columns.iter().map(|column| column.title()));
    for row in record.rows.iter().chain([&record.total]) {
        table.add_row(
            columns
                .iter()
                .map(|column| column.cell(row, record.elapsed, name_width)),
        );
    }
    for (drawn, column) in table.column_iter_mut().zip(columns) {
        match column {
            Column::Name => drawn.set_padding((0, 0)),
            Column::Requests
            | Column::Failed
            | Column::Rate
            | Column::Received
            | Column::Min
            | Column::Mean
            | Column::P50
            | Column::P90
            | Column::P95
            | Column::P99
            | Column::Max => {
                drawn.set_cell_alignment(CellAlignment::Right);
                drawn.set_padding((u16::try_from(GAP).expect("a gap is small"), 0))
            }
        };
    }
    table
}

impl Column {
    fn title(self) -> &'static str {
        match self {
            Column::Name => "name",
            Column::Requests => "requests",
            Column::Failed => "failed",
            Column::Rate => "rate",
            Column::Received => "received",
            Column::Min => "min",
            Column::Mean => "mean",
            Column::P50 => "p50",
            Column::P90 => "p90",
            Column::P95 => "p95",
            Column::P99 => "p99",
            Column::Max => "max",
        }
    }

    fn cell(self, row: &RowTotals, elapsed: Duration, name_width: usize) -> String {
        let response = row.response();
        let percentile = |percent| time(response.percentile(percent));
        match self {
            Column::Name => shorten(&one_line(&row.name), name_width),
            Column::Requests => row.requests().to_string(),
            Column::Failed => match row.errors() {
                Some(share) if row.failed > 0 => {
                    format!("{} ({})", row.failed, figures::share(share))
                }
                Some(_) | None => "0".to_owned(),
            },
            Column::Rate => figures::rate(row.rate(elapsed).unwrap_or(0.0)),
            Column::Received => figures::bytes(row.received_bytes),
            Column::Min => time(response.min()),
            Column::Mean => time(response.mean()),
            Column::P50 => percentile(50.0),
            Column::P90 => percentile(90.0),
            Column::P95 => percentile(95.0),
            Column::P99 => percentile(99.0),
            Column::Max => time(response.max()),
        }
    }
}

fn time(time: Option<Duration>) -> String {
    time.map_or_else(|| "-".to_owned(), figures::time)
}

/// Puts an ellipsis in the middle of what is longer than `width`: the method at
/// the start and the end of the path tell names apart.
pub(super) fn shorten(name: &str, width: usize) -> String {
    let chars: Vec<char> = name.chars().collect();
    if chars.len() <= width {
        return name.to_owned();
    }
    let kept = width.saturating_sub(1);
    let end = chars.len() - kept / 2;
    let start = kept - kept / 2;
    chars[..start]
        .iter()
        .chain(&['…'])
        .chain(&chars[end..])
        .collect()
}
