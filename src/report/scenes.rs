//! What came before all users and after them: `setup` and `teardown`.

use serde_json::{Value, json};

use super::{
    summary,
    text::{line, one_line, section},
    together,
};
use crate::{
    base::{colour::Colour, figures},
    stats::{FailureTotals, GroupTotals, RowTotals, RunRecord, SceneEnd, SceneTotals},
};

/// Writes what came of both, where the plan has them.
pub(super) fn write(record: &RunRecord, colour: Colour, out: &mut String) {
    for (name, scene) in [("Setup", &record.setup), ("Teardown", &record.teardown)] {
        if let Some(scene) = scene {
            let title = format!(
                "{name}, {} after {}, in no other number",
                ended(scene.end),
                figures::time(scene.elapsed)
            );
            section(&title, colour, out);
            let width = scene
                .rows
                .iter()
                .map(|row| one_line(&row.name).chars().count())
                .max();
            for row in &scene.rows {
                line(out, &row_line(row, width.unwrap_or(0)));
            }
            for group in scene
                .groups
                .iter()
                .filter(|group| group.ok + group.failed > 0)
            {
                line(out, &group_line(group));
            }
            for failure in &scene.failures {
                line(out, &failure_line(failure));
            }
        }
    }
}

fn ended(end: SceneEnd) -> &'static str {
    match end {
        SceneEnd::Complete => "done",
        SceneEnd::Failed => "failed",
        SceneEnd::CutOff => "cut off",
    }
}

fn row_line(row: &RowTotals, width: usize) -> String {
    let mut text = format!("  {:<width$}  {} ok", one_line(&row.name), row.ok);
    for (count, what) in [(row.failed, "failed"), (row.interrupted, "interrupted")] {
        if count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
    }
    if let Some(mean) = row.response().mean() {
        text.push_str(&format!(", {} mean", figures::time(mean)));
    }
    text
}

fn group_line(group: &GroupTotals) -> String {
    let mut text = format!("  group {}  {} ok", one_line(&group.name), group.ok);
    if group.failed > 0 {
        text.push_str(&format!(", {} failed", group.failed));
    }
    if let Some(mean) = group.with_waits().mean() {
        text.push_str(&format!(", {} mean", figures::time(mean)));
    }
    text
}

fn failure_line(failure: &FailureTotals) -> String {
    let detail = failure.examples.first();
    let detail = detail.map_or("", |example| &example.detail);
    format!(
        "  ✗ {}: {} × {}: {}",
        one_line(&failure.name),
        failure.count,
        failure.kind.code(),
        one_line(detail)
    )
}

/// One of them, for programs.
pub(super) fn document(scene: Option<&SceneTotals>, record: &RunRecord) -> Value {
    let Some(scene) = scene else {
        return Value::Null;
    };
    let rows = scene
        .rows
        .iter()
        .map(|row| summary::row(row, record.elapsed));
    let mut rows: Vec<Value> = rows.collect();
    for row in &mut rows {
        // A rate of what is done once says nothing.
        if let Value::Object(keys) = row {
            keys.shift_remove("rate_per_s");
        }
    }
    json!({
        "end": match scene.end {
            SceneEnd::Complete => "complete",
            SceneEnd::Failed => "failed",
            SceneEnd::CutOff => "cut_off",
        },
        "elapsed_us": summary::us(scene.elapsed),
        "rows": rows,
        "groups": together::groups_document(&scene.groups),
        "failures": scene.failures.iter().map(summary::failure).collect::<Vec<_>>(),
    })
}
