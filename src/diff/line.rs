//! A change as a line, whoever shows it.

use super::{Change, Difference, Kind, words::one_line};
use crate::base::printable::printable;

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Ours.
    Word(String),
    /// The plan's, which may be anything.
    Plan(String),
}

/// What a change is, in one line.
pub(super) fn pieces(change: &Change) -> Vec<Piece> {
    let mut out = Vec::new();
    let word = |out: &mut Vec<Piece>, text: &str| out.push(Piece::Word(text.to_owned()));
    for (at, part) in change.subject.iter().enumerate() {
        if at > 0 {
            word(&mut out, ", ");
        }
        out.push(Piece::Word(format!("{} ", part.word)));
        out.push(Piece::Plan(one_line(&part.name)));
    }
    if !change.what.is_empty() {
        if !change.subject.is_empty() {
            word(&mut out, ": ");
        }
        out.push(Piece::Plan(one_line(&change.what)));
    }
    let shows_values = match change.kind {
        Kind::Added | Kind::Removed | Kind::Changed | Kind::Renamed => true,
        Kind::Moved => false,
    };
    let values: Vec<_> = change.shown.iter().flatten().collect();
    let is_item = change.what.is_empty() && !change.subject.is_empty();
    for (at, value) in values.into_iter().enumerate().filter(|_| shows_values) {
        let between = match (at, out.is_empty()) {
            (0, true) => "",
            (0, false) if is_item => ": ",
            (0, false) => " ",
            _ => " → ",
        };
        word(&mut out, between);
        out.push(Piece::Plan(value.clone()));
    }
    if let Some(note) = &change.note {
        out.push(Piece::Word(format!(" ({note})")));
    }
    out.retain(|piece| *piece != Piece::Word(String::new()));
    out
}

/// Where it stood and stands: `a.yaml:4 → 5`, `a.yaml:4 → b.yaml:5`.
pub(super) fn place(change: &Change) -> Option<String> {
    let file = |standing: &super::Standing| {
        let file = standing.file.display().to_string();
        printable(&file).into_owned()
    };
    match &change.places {
        [None, None] => None,
        [Some(one), None] | [None, Some(one)] => Some(format!("{}:{}", file(one), one.line)),
        [Some(old), Some(new)] if old == new => Some(format!("{}:{}", file(new), new.line)),
        [Some(old), Some(new)] if old.file == new.file => {
            Some(format!("{}:{} → {}", file(new), old.line, new.line))
        }
        [Some(old), Some(new)] => Some(format!(
            "{}:{} → {}:{}",
            file(old),
            old.line,
            file(new),
            new.line
        )),
    }
}

/// How many changes and risks there are, in a sentence.
pub(super) fn totals(difference: &Difference) -> String {
    let count = |number: usize, one: &str, more: &str| match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {more}"),
    };
    if difference.is_empty() {
        return "no difference in meaning".to_owned();
    }
    let changes = count(difference.changes.len(), "change", "changes");
    let risks = difference
        .changes
        .iter()
        .filter(|change| !change.risks.is_empty());
    match risks.count() {
        0 => format!("{changes}, none with a risk"),
        risks => format!("{changes}, {risks} with a risk"),
    }
}
