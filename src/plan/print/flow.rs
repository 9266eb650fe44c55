//! Steps that hold steps, in their one spelling.

use serde_json::{Value, json};

use super::{Mapping, literal, step};
use crate::plan::ast::{Branch, For, Items, Repeat, Turns};

pub(super) fn branch(branch: &Branch) -> Mapping {
    let mut out = Mapping::with("if", branch.condition.as_str());
    out.list("then", branch.then.iter().map(step));
    out.list("else", branch.otherwise.iter().map(step));
    out
}

pub(super) fn repeat(repeat: &Repeat) -> Mapping {
    let mut out = match &repeat.turns {
        Turns::Count(count) => Mapping::with("repeat", **count),
        Turns::While { condition, max } => Mapping::with(
            "repeat",
            json!({ "while": condition.as_str(), "max": **max }),
        ),
    };
    out.list("do", repeat.steps.iter().map(step));
    out
}

pub(super) fn each(each: &For) -> Mapping {
    let mut out = Mapping::with("for", each.item.as_str());
    match &each.items {
        Items::Expression(expression) => out.put("in", expression.as_str()),
        Items::List(items) => {
            out.put(
                "in",
                items.iter().map(|item| literal(item)).collect::<Value>(),
            );
        }
    }
    out.list("do", each.steps.iter().map(step));
    out
}
