//! What happened besides requests, as lines.

use super::{Contents, text::one_line};
use crate::{archive::What, base::figures};

/// How many are shown; all of them are in the JSON.
const MAX_EVENTS: usize = 40;

/// What happened besides requests, with an empty line at its end; nothing if nothing
/// did. The phases of a load are no news in it: the schedule says them.
pub fn events(contents: &Contents<'_>) -> String {
    let events = contents.events.iter().filter(|event| match event.what {
        What::Phase(_) => false,
        What::Stage(_)
        | What::Threshold { .. }
        | What::Warning(_)
        | What::WarningOver(_)
        | What::Stopping(_)
        | What::Annotation(_) => true,
    });
    let lines: Vec<_> = events
        .map(|event| (figures::time(event.at), one_line(&event.text())))
        .collect();
    if lines.is_empty() {
        return String::new();
    }
    let width = lines.iter().map(|(at, _)| at.chars().count()).max();
    let width = width.unwrap_or(0);
    let mut out = String::from("Events\n");
    for (at, text) in lines.iter().take(MAX_EVENTS) {
        out.push_str(&format!("  {at:>width$}  {text}\n"));
    }
    if let Some(more @ 1..) = lines.len().checked_sub(MAX_EVENTS) {
        out.push_str(&format!("  and {more} more\n"));
    }
    out.push('\n');
    out
}
