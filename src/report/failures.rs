//! The failures of a report: what failed how often and when, and what that looked like.

use super::text::{line, one_line, section};
use crate::{
    base::{figures, printable::cut},
    report::Layout,
    stats::{FailureExample, FailureTotals, MAX_RUN_EXAMPLES, RunRecord},
};

/// How many kinds of failure the text shows; the rest it counts, and the JSON
/// has them all.
const MAX_FAILURES: usize = 20;

/// How many of them are shown with their request and answer: two screens. Those that
/// are rarer say what was wrong.
const MAX_SHOWN_WHOLE: usize = 10;

/// How long a command the text shows, in characters. Longer ones fill the screen, and
/// are in the JSON.
const MAX_COMMAND_CHARS: usize = 600;

/// The room for an example on however narrow a terminal, in columns.
const MIN_ROOM: usize = 40;

/// The headers of an answer that most often say why it is what it is.
const TELLING_HEADERS: [&str; 5] = [
    "content-type",
    "location",
    "retry-after",
    "www-authenticate",
    "server",
];

/// Writes the section, if anything failed.
///
/// Everything is cut to the width but for the command, which is for pasting: it goes on
/// in the next line after each part, and a part that is wider than a line stays whole.
pub(super) fn write(record: &RunRecord, layout: Layout, out: &mut String) {
    if record.failures.is_empty() {
        return;
    }
    section("Failures", layout.colour, out);
    // The first has the highest count, so the longest number.
    let width = record.failures[0].count.to_string().len();
    let indent = " ".repeat(width + 5);
    let room = layout.width.saturating_sub(indent.len()).max(MIN_ROOM);
    for (place, failure) in record.failures.iter().take(MAX_FAILURES).enumerate() {
        let title = format!("  {:>width$} × {}", failure.count, title(failure));
        line(out, &title);
        let shown = match failure.examples.first() {
            Some(example) if place < MAX_SHOWN_WHOLE => whole(example, room),
            Some(example) => vec![fitted(&example.detail, room)],
            None if record.examples_left_out > 0 => {
                vec![format!(
                    "(no example: the run has {MAX_RUN_EXAMPLES} others)"
                )]
            }
            None => Vec::new(),
        };
        for text in shown {
            line(out, &format!("{indent}{text}"));
        }
    }
    if record.failures.len() > MAX_FAILURES {
        let more = record.failures.len() - MAX_FAILURES;
        line(out, &format!("  and {more} more by name and kind"));
    }
    if record.examples_left_out > 0 {
        let left_out = record.examples_left_out;
        line(
            out,
            &format!("  Examples not kept, since the run has {MAX_RUN_EXAMPLES}: {left_out}"),
        );
    }
}

fn title(failure: &FailureTotals) -> String {
    let first = figures::time(failure.first);
    let when = if failure.count == 1 {
        format!("after {first}")
    } else {
        format!(
            "first after {first}, last after {}",
            figures::time(failure.last)
        )
    };
    format!(
        "{} in {}, {when}",
        failure.kind.code(),
        one_line(&failure.name)
    )
}

/// What was wrong, how to ask again, and what was answered.
fn whole(example: &FailureExample, room: usize) -> Vec<String> {
    let mut lines = vec![fitted(&example.detail, room)];
    match &example.curl {
        Some(curl) => {
            lines.extend(command(&curl.parts, room));
            if curl.headers_left_out > 0 {
                lines.push(format!("(and {} more headers)", curl.headers_left_out));
            }
        }
        None => lines.push(fitted(&example.request, room)),
    }
    if let Some(answer) = &example.answer {
        let mut head = format!("< {}", answer.status);
        for telling in TELLING_HEADERS {
            if let Some((name, value)) = answer.headers.iter().find(|(name, _)| name == telling) {
                head.push_str(&format!(" · {name}: {value}"));
            }
        }
        lines.push(fitted(&head, room));
        if !answer.body_beginning.trim().is_empty() {
            lines.push(fitted(&format!("< {}", answer.body_beginning), room));
        }
    }
    lines
}

/// A text on one line, its white space squeezed.
fn fitted(text: &str, room: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = one_line(&words.join(" "));
    if text.chars().count() <= room {
        return text;
    }
    cut(&text, room - 1)
}

/// A command on as many lines as it takes, of which each but the last ends in `\`.
fn command(parts: &[String], room: usize) -> Vec<String> {
    let whole = parts.join(" ");
    let chars = whole.chars().count();
    if chars > MAX_COMMAND_CHARS {
        return vec![
            one_line(&cut(&whole, room - 1)),
            format!("(the command has {chars} characters: see `--json`)"),
        ];
    }
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        let part = one_line(part);
        match lines.last_mut() {
            // Two more for ` \`.
            Some(last) if last.chars().count() + part.chars().count() + 3 <= room => {
                last.push(' ');
                last.push_str(&part);
            }
            Some(last) => {
                last.push_str(" \\");
                lines.push(format!("  {part}"));
            }
            None => lines.push(part),
        }
    }
    lines
}
