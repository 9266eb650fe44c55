//! The report as a comment on a pull request.

use std::fmt::Write as _;

use super::text::{calendar, counted, one_line};
use crate::{
    base::{figures, printable::cut},
    stats::{Outcome, RowTotals, RunRecord, ThresholdResult, Verdict},
};

/// The longest text that a comment on GitHub takes, in characters.
pub const MAX_MARKDOWN_CHARS: usize = 65_536;

/// What is kept free of it for what ends the text.
const RESERVE: usize = 512;

/// A name, a threshold or an error, as long as a table bears it.
const MAX_CELL_CHARS: usize = 200;

/// The record as Markdown, never longer than [`MAX_MARKDOWN_CHARS`]: what is left out
/// then is counted.
///
/// Everything that comes from outside is shown as it is: nothing in it can be markup, a
/// link, or call somebody.
pub fn markdown(record: &RunRecord) -> String {
    let mut out = Page::default();
    let conclusion = one_line(&record.conclusion().to_string());
    let sign = match record.verdict {
        Verdict::Passed => "✅",
        Verdict::Failed => "❌",
        Verdict::Inconclusive => "⚠️",
    };
    let meta = &record.meta;
    out.always(&format!("### {sign} {}\n\n", text(&meta.plan)));
    out.always(&format!("**{}**\n\n", text(&conclusion)));
    out.always(&format!(
        "{} against {}, {}, {}; run {}, seed {}, started {}\n\n",
        counted(record.total.requests(), "request"),
        code(&meta.target),
        match record.total.errors() {
            None => "no errors".to_owned(),
            Some(errors) => format!("{} errors", figures::share(errors)),
        },
        figures::time(record.elapsed),
        code(&meta.run_id),
        meta.seed,
        calendar(meta.started_unix, 0),
    ));
    for line in &record.missing {
        out.always(&format!("> ⚠️ {}\n\n", text(line)));
    }
    let thresholds = record.thresholds.iter().map(threshold);
    out.table(
        "| | Threshold | Measured |\n|---|---|---|\n",
        thresholds,
        "threshold",
    );
    let mut rows: Vec<&RowTotals> = record.rows.iter().collect();
    rows.retain(|row| row.requests() + row.interrupted > 0);
    let head = "| Name | Requests | Failed | Rate | p50 | p95 | p99 | Max |\n\
                |---|--:|--:|--:|--:|--:|--:|--:|\n";
    let total = std::iter::once(&record.total).map(|total| row(total, record));
    let rows = rows.into_iter().map(|of| row(of, record));
    out.table(head, total.chain(rows), "name");
    let head = "| Failures | Request | Kind | For instance |\n|--:|---|---|---|\n";
    let failures = record.failures.iter().map(|failure| {
        let example = failure.examples.first();
        let detail = example.map_or(String::new(), |example| code(&example.detail));
        let (count, kind) = (failure.count, failure.kind.code());
        format!(
            "| {count} | {} | {kind} | {detail} |\n",
            code(&failure.name)
        )
    });
    out.table(head, failures, "kind of failure");
    out.text
}

/// A text that does not become too long.
#[derive(Default)]
struct Page {
    text: String,
    chars: usize,
}

impl Page {
    /// Adds what is short and has to be there.
    fn always(&mut self, text: &str) {
        self.chars += text.chars().count();
        self.text.push_str(text);
    }

    fn fits(&mut self, text: &str) -> bool {
        self.chars + text.chars().count() + RESERVE <= MAX_MARKDOWN_CHARS
    }

    /// Adds as many lines as fit, and says how many do not.
    fn table(&mut self, head: &str, lines: impl Iterator<Item = String>, what: &str) {
        let mut lines = lines.peekable();
        if lines.peek().is_none() || !self.fits(head) {
            return;
        }
        self.always(head);
        while let Some(line) = lines.next_if(|line| self.fits(line)) {
            self.always(&line);
        }
        let left_out = lines.count() as u64;
        let more = match left_out {
            0 => String::new(),
            count => format!("\n{} more, left out.\n", counted(count, what)),
        };
        self.always(&format!("{more}\n"));
    }
}

fn threshold(result: &ThresholdResult) -> String {
    let sign = match result.outcome {
        Outcome::Pass => "✅",
        Outcome::Fail => "❌",
        Outcome::NoData => "⚠️",
    };
    let threshold = result.threshold.to_string();
    format!(
        "| {sign} | {} | {} |\n",
        code(&threshold),
        text(&result.finding())
    )
}

fn row(row: &RowTotals, record: &RunRecord) -> String {
    let name = match std::ptr::eq(row, &raw const record.total) {
        true => "**all**".to_owned(),
        false => code(&row.name),
    };
    let mut line = format!("| {name} | {} | {} |", row.requests(), row.failed);
    let rate = row.rate(record.elapsed);
    let rate = rate.map_or("–".to_owned(), figures::rate);
    write!(line, " {rate} |").expect("a String takes all");
    let times = row.response();
    let percentiles = [50.0, 95.0, 99.0].map(|percent| times.percentile(percent));
    for time in percentiles.into_iter().chain([times.max()]) {
        let time = time.map_or("–".to_owned(), figures::time);
        write!(line, " {time} |").expect("a String takes all");
    }
    line.push('\n');
    line
}

/// A text from outside within a sentence or a cell: no character of it is markup.
fn text(text: &str) -> String {
    let mut out = String::new();
    for c in cut(&one_line(text), MAX_CELL_CHARS * 2).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A name after it would be told.
            '@' => out.push_str("&#64;"),
            // A number after it would be a link.
            '#' => out.push_str("&#35;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '|' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// A text from outside as code.
///
/// In a cell `|` ends it even in code, and a backtick ends the code: so it is an element
/// of HTML, in which both can be written as numbers.
fn code(text: &str) -> String {
    let mut out = String::from("<code>");
    for c in cut(&one_line(text), MAX_CELL_CHARS).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if c.is_ascii_alphanumeric() || " /.,-?=%".contains(c) || !c.is_ascii() => {
                out.push(c);
            }
            c => write!(out, "&#{};", u32::from(c)).expect("a String takes all"),
        }
    }
    out.push_str("</code>");
    out
}
