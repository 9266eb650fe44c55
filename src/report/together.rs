//! What is timed together, and where users met.

use serde_json::{Value, json};

use super::{
    summary::latencies,
    text::{line, one_line, section, widest},
};
use crate::{
    base::{colour::Colour, figures},
    stats::{GroupTotals, Latencies, MeetingTotals, RunRecord},
};

/// The columns behind the name of a group.
const TITLES: [&str; 8] = ["count", "failed", "p50", "p95", "max", "p50", "p95", "max"];

/// Writes what there is of groups, iterations and meetings.
pub(super) fn write(record: &RunRecord, colour: Colour, out: &mut String) {
    groups(&record.groups, "Groups", colour, out);
    let measured = |class: &&GroupTotals| class.ok + class.failed > 0;
    let iterations: Vec<_> = record.iterations.iter().filter(measured).cloned().collect();
    groups(&iterations, "Iterations", colour, out);
    if !record.meetings.is_empty() {
        section("Meetings", colour, out);
        let width = widest(record.meetings.iter().map(|meeting| &*meeting.name));
        for meeting in &record.meetings {
            line(out, &meeting_line(meeting, width));
        }
    }
}

/// Groups, each with the times of those who came to its end.
pub(super) fn groups(groups: &[GroupTotals], title: &str, colour: Colour, out: &mut String) {
    if groups.is_empty() {
        return;
    }
    section(title, colour, out);
    let rows: Vec<_> = groups.iter().map(cells).collect();
    let names = widest(groups.iter().map(|group| &*group.name));
    let widths: Vec<usize> = (0..TITLES.len())
        .map(|at| widest(rows.iter().map(|row| &*row[at]).chain([TITLES[at]])))
        .collect();
    let of_times = |from: usize| widths[from..from + 3].iter().sum::<usize>() + 4;
    let counts = widths[0] + widths[1] + 4;
    line(
        out,
        format!(
            "  {:names$}{:counts$}  {:^with$}  {:^without$}",
            "",
            "",
            "with waits",
            "without",
            with = of_times(2),
            without = of_times(5),
        )
        .trim_end(),
    );
    let header = TITLES.map(str::to_owned);
    for (name, cells) in
        std::iter::once(("", &header)).chain(groups.iter().map(|group| &*group.name).zip(&rows))
    {
        let mut text = format!("  {:<names$}", one_line(name));
        for (cell, width) in cells.iter().zip(&widths) {
            text.push_str(&format!("  {cell:>width$}"));
        }
        line(out, &text);
    }
}

fn cells(group: &GroupTotals) -> [String; 8] {
    let times = |times: &Latencies| {
        [times.percentile(50.0), times.percentile(95.0), times.max()]
            .map(|time| time.map_or_else(|| "–".to_owned(), figures::time))
    };
    let [with_p50, with_p95, with_max] = times(group.with_waits());
    let [p50, p95, max] = times(group.without_waits());
    [
        (group.ok + group.failed).to_string(),
        group.failed.to_string(),
        with_p50,
        with_p95,
        with_max,
        p50,
        p95,
        max,
    ]
}

fn meeting_line(meeting: &MeetingTotals, width: usize) -> String {
    let mut text = format!("  {:<width$}  {} met", one_line(&meeting.name), meeting.met);
    for (count, what) in [
        (meeting.timed_out, "waited in vain"),
        (meeting.left, "had to leave before"),
    ] {
        if count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
    }
    text
}

/// Groups, for programs.
pub(super) fn groups_document(groups: &[GroupTotals]) -> Value {
    let groups = groups.iter().map(|group| {
        json!({
            "name": *group.name,
            "count": group.ok + group.failed,
            "ok": group.ok,
            "failed": group.failed,
            "with_waits": latencies(group.with_waits()),
            "without_waits": latencies(group.without_waits()),
        })
    });
    groups.collect()
}

/// Meetings, for programs.
pub(super) fn meetings_document(meetings: &[MeetingTotals]) -> Value {
    let meetings = meetings.iter().map(|meeting| {
        json!({
            "name": *meeting.name,
            "met": meeting.met,
            "timed_out": meeting.timed_out,
            "left": meeting.left,
        })
    });
    meetings.collect()
}
