//! Steps that hold steps, in their one spelling.

use serde_json::{Value, json};

use super::{Mapping, literal, steps};
use crate::{
    base::duration,
    plan::ast::{Branch, For, Group, Items, Meet, Repeat, Turns},
    source::Sources,
};

pub(super) fn branch(branch: &Branch, sources: &Sources) -> Mapping {
    let mut out = Mapping::with("if", branch.condition.as_str());
    out.list("then", steps(&branch.then, sources));
    out.list("else", steps(&branch.otherwise, sources));
    out
}

pub(super) fn repeat(repeat: &Repeat, sources: &Sources) -> Mapping {
    let mut out = match &repeat.turns {
        Turns::Count(count) => Mapping::with("repeat", **count),
        Turns::While { condition, max } => Mapping::with(
            "repeat",
            json!({ "while": condition.as_str(), "max": **max }),
        ),
    };
    out.list("do", steps(&repeat.steps, sources));
    out
}

pub(super) fn each(each: &For, sources: &Sources) -> Mapping {
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
    out.list("do", steps(&each.steps, sources));
    out
}

pub(super) fn group(group: &Group, sources: &Sources) -> Mapping {
    let mut out = Mapping::with("group", group.name.as_str());
    out.list("do", steps(&group.steps, sources));
    out
}

pub(super) fn meet(meet: &Meet) -> Mapping {
    let Meet {
        name,
        users,
        timeout,
    } = meet;
    let timeout = duration::text(**timeout);
    Mapping::with(
        "meet",
        json!({ "name": name.as_str(), "users": **users, "timeout": timeout }),
    )
}
