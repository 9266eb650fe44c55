//! Runs in a table.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

use super::text::one_line;

/// A run in the list of them; `None` is what is not known of one that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunLine {
    /// What its folder is called.
    pub name: String,
    pub took: Option<String>,
    pub requests: Option<String>,
    pub errors: Option<String>,
    pub p95: Option<String>,
    pub outcome: String,
}

/// How much of an outcome is shown, in characters.
const MAX_OUTCOME_CHARS: usize = 80;

/// Runs as a table, in their order. It ends with a line break.
pub fn list(runs: &[RunLine]) -> String {
    let mut table = Table::new();
    table
        .load_style(TableStyle::new().header_separator(LineStyle::none().fill('─')))
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(["Run", "Took", "Requests", "Errors", "p95", "Outcome"]);
    for run in runs {
        let known = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
        let outcome = crate::base::printable::cut(&one_line(&run.outcome), MAX_OUTCOME_CHARS);
        table.add_row([
            one_line(&run.name),
            known(&run.took),
            known(&run.requests),
            known(&run.errors),
            known(&run.p95),
            outcome,
        ]);
    }
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((if at == 0 { 0 } else { 2 }, 0));
        if (1..5).contains(&at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    format!("{}\n", table.trim_fmt())
}
