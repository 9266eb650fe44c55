//! A difference for programs.

use serde_json::{Value, json};

use super::{Change, Difference, Part, Standing};

/// A difference as one JSON object.
pub fn json(difference: &Difference) -> Value {
    let changes: Vec<_> = difference.changes.iter().map(change).collect();
    let risks = difference.risks().map(|(risk, _)| risk.word());
    let mut risks: Vec<_> = risks.collect();
    risks.dedup();
    json!({ "same": difference.is_empty(), "risks": risks, "changes": changes })
}

fn change(change: &Change) -> Value {
    let subject = |part: &Part| json!({ "word": part.word, "name": part.name });
    let place = |standing: &Option<Standing>| match standing {
        Some(Standing { file, line }) => json!({ "file": file, "line": line }),
        None => Value::Null,
    };
    let subject: Vec<_> = change.subject.iter().map(subject).collect();
    let risks: Vec<_> = change.risks.iter().map(|risk| risk.word()).collect();
    json!({
        "area": change.area.word(),
        "kind": change.kind.word(),
        "subject": subject,
        "key": change.what,
        "old": change.values[0],
        "new": change.values[1],
        "note": change.note,
        "old_place": place(&change.places[0]),
        "new_place": place(&change.places[1]),
        "risks": risks,
    })
}
