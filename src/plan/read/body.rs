//! What users do round after round: of a class, and of a set.

use std::collections::HashMap;

use super::{
    codes,
    collection::{entries, list, nothing_in},
    context::Context,
    fields::Fields,
    node::{Node, NodeKind},
    step, value,
};
use crate::{
    plan::ast::{Body, Weighted},
    source::{Diagnostic, Span, Spanned},
};

/// `tasks`, `sequence` or `choose_once`; that there is one of them, and only one,
/// is told when the mapping is closed.
pub(super) fn body(fields: &mut Fields<'_>, ctx: &mut Context<'_>) -> Body {
    let choose_once = fields.field("choose_once", ctx, drawn);
    let sequence = fields.field("sequence", ctx, step::some_steps);
    let tasks = fields.field("tasks", ctx, drawn);
    let first = tasks.map(Body::Tasks).or(sequence.map(Body::Sequence));
    first
        .or(choose_once.map(Body::ChooseOnce))
        .unwrap_or(Body::Tasks(Vec::new()))
}

/// Task name to weight, or a list of names with equal weights.
pub(super) fn drawn(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Weighted>> {
    const EXPECTED: &str = "a mapping of task names to weights, or a list of task names";
    let drawn = match &node.kind {
        NodeKind::List(_) | NodeKind::Scalar(_) => drawn_equally(node, ctx, EXPECTED)?,
        NodeKind::Map(_) | NodeKind::Broken => {
            entries(node, ctx, EXPECTED)?
                .iter()
                .map(|entry| {
                    let weight = ctx.under(&entry.key, |ctx| value::whole(&entry.value, ctx, 0));
                    Weighted {
                        task: entry.key.clone(),
                        // A wrong weight was told of; the task is drawn all the same.
                        weight: weight.unwrap_or_else(|| Spanned::new(1, entry.value.span)),
                    }
                })
                .collect()
        }
    };
    let empty = match &node.kind {
        NodeKind::List(items) => items.is_empty(),
        NodeKind::Map(entries) => entries.is_empty(),
        NodeKind::Scalar(_) | NodeKind::Broken => false,
    };
    if empty {
        nothing_in(node, ctx, "at least one task");
    }
    Some(drawn)
}

fn drawn_equally(node: &Node, ctx: &mut Context<'_>, expected: &str) -> Option<Vec<Weighted>> {
    let mut places: HashMap<String, Span> = HashMap::new();
    list(node, ctx, expected, |item, ctx| {
        let task = value::full_text(item, ctx)?;
        if let Some(first) = places.get(&task.value) {
            ctx.tell(
                Diagnostic::error(
                    codes::DUPLICATE,
                    format!("the task `{}` is there twice", task.value),
                )
                .at(task.span, "again here")
                .at(*first, "first here")
                .help(format!("give weights instead: `{}: 2`", task.value)),
            );
            return None;
        }
        places.insert(task.value.clone(), task.span);
        let weight = Spanned::new(1, task.span);
        Some(Weighted { task, weight })
    })
}
