//! The whole report as JSON: the summary, and the run over time.

use serde_json::{Value, json};

use super::{
    Contents,
    summary::{summary, us},
};
use crate::{
    archive::{Event, What},
    stats::{Distribution, Extent, Extremes, Figures, Point},
};

/// The JSON Schema of what [`json()`] makes.
pub const SCHEMA: &str = include_str!("../../schemas/report.schema.json");

/// The report as JSON: all of [`summary`], and these keys.
///
/// | key | what |
/// |---|---|
/// | `machine` | what made the load: `host`, `system`, `kernel`, `architecture`, `processor`, `cores`, `memory_bytes`; null where it is not known |
/// | `events` | what happened besides requests: `at_us`, `kind` (`phase`, `stage`, `threshold`, `warning`, `warning_over`, `stopping`, `annotation`), `text` |
/// | `timeline` | the run in parts, as finely as they are kept: of a second for the last ten minutes, of ten for the last two hours, of a minute before. See below |
///
/// Each part has `from_us`, `to_us`, `users` (there at its end), `dropped`, and as `total`
/// of all names: `requests`, `failed`, `received_bytes`, `p50_us`, `p95_us`, `p99_us`, `max_us` of response times, `service_p95_us`,
/// and `worst`: null, or of a minute the worst of its tens of seconds, each number for
/// itself: `of_us`, `fewest_requests`, `most_requests`, `most_failed`, `p50_us`, `p95_us`,
/// `p99_us`. Percentiles of seconds are to three digits, those of tens off by at most
/// 0.8 %, those of minutes by at most 3.2 %.
pub fn json(contents: &Contents<'_>) -> Value {
    let mut document = summary(contents.record);
    let object = document.as_object_mut().expect("a summary is an object");
    object.insert("machine".to_owned(), machine(contents));
    let events = contents.events.iter().map(event);
    object.insert("events".to_owned(), events.collect());
    object.insert("timeline".to_owned(), timeline(contents.points));
    document
}

/// The document of [`json()`] as text: for people to read, but for the parts of the run,
/// each of which is a line. It ends with a line break.
pub fn json_text(contents: &Contents<'_>) -> String {
    let mut document = json(contents);
    let parts = document["timeline"].take();
    let parts = parts.as_array().into_iter().flatten();
    let lines: Vec<String> = parts.map(|part| format!("\n    {part}")).collect();
    let timeline = match lines.is_empty() {
        true => "[]".to_owned(),
        false => format!("[{}\n  ]", lines.join(",")),
    };
    let text = format!("{document:#}\n");
    // A text could hold the same letters only with its quotes escaped.
    text.replacen(
        "\"timeline\": null",
        &format!("\"timeline\": {timeline}"),
        1,
    )
}

/// How much of the run the numbers are of.
pub(super) fn extent(extent: Extent) -> Value {
    match extent {
        Extent::Whole => json!({ "kind": "whole" }),
        Extent::SoFar => json!({ "kind": "so_far" }),
        Extent::UntilKilled => json!({ "kind": "until_killed" }),
        Extent::Part { from, to } => {
            json!({ "kind": "part", "from_us": us(from), "to_us": us(to) })
        }
    }
}

fn machine(contents: &Contents<'_>) -> Value {
    let Some(machine) = contents.machine else {
        return Value::Null;
    };
    serde_json::to_value(machine).expect("texts and numbers are JSON")
}

fn event(event: &Event) -> Value {
    json!({
        "at_us": us(event.at),
        "kind": match event.what {
            What::Phase(_) => "phase",
            What::Stage(_) => "stage",
            What::Threshold { .. } => "threshold",
            What::Warning(_) => "warning",
            What::WarningOver(_) => "warning_over",
            What::Stopping(_) => "stopping",
            What::Annotation(_) => "annotation",
        },
        "text": event.text(),
    })
}

fn timeline(points: &[Point]) -> Value {
    let parts = points.iter().map(|point| {
        json!({
            "from_us": us(point.from),
            "to_us": us(point.to),
            "users": point.users,
            "dropped": point.dropped,
            "total": figures(&point.total),
        })
    });
    parts.collect()
}

fn figures(figures: &Figures) -> Value {
    let percentile = |of: &Distribution, percent| of.percentile(percent).map(us);
    json!({
        "requests": figures.requests(),
        "failed": figures.failed,
        "received_bytes": figures.received_bytes,
        "p50_us": percentile(&figures.response, 50.0),
        "p95_us": percentile(&figures.response, 95.0),
        "p99_us": percentile(&figures.response, 99.0),
        "max_us": figures.response.max().map(us),
        "service_p95_us": figures.service_p95.map(us),
        "worst": figures.extremes.map(worst),
    })
}

fn worst(extremes: Extremes) -> Value {
    json!({
        "of_us": us(extremes.of),
        "fewest_requests": extremes.fewest_requests,
        "most_requests": extremes.most_requests,
        "most_failed": extremes.most_failed,
        "p50_us": extremes.p50.map(us),
        "p95_us": extremes.p95.map(us),
        "p99_us": extremes.p99.map(us),
    })
}
