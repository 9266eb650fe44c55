//! Conditions, and steps that hold steps or end something.

use std::{
    collections::HashMap,
    fmt::{self, Write as _},
};

use crate::{
    base::ids::StepId,
    graph::{Graph, Node},
};

pub(super) fn write(
    graph: &Graph,
    node: &Node,
    numbers: &HashMap<StepId, usize>,
    out: &mut String,
) -> fmt::Result {
    let to = |id: &StepId| numbers[id];
    match node {
        Node::When {
            condition,
            next,
            skip,
            ..
        } => {
            let condition = graph.conditions[condition.index()].text();
            write!(out, "when {condition} → {}, else → {}", to(next), to(skip))
        }
        Node::If {
            condition,
            then,
            otherwise,
            ..
        } => {
            let condition = graph.conditions[condition.index()].text();
            let (then, otherwise) = (to(then), to(otherwise));
            write!(out, "if {condition} → {then}, else → {otherwise}")
        }
        Node::Loop { next, .. } => write!(out, "loop → {}", to(next)),
        Node::Repeat {
            turns,
            condition,
            next,
            done,
            ..
        } => {
            match condition {
                Some(condition) => {
                    let condition = graph.conditions[condition.index()].text();
                    write!(out, "while {condition}, at most {turns} times")?;
                }
                None => write!(out, "{turns} times")?,
            }
            write!(out, " → {}, then → {}", to(next), to(done))
        }
        Node::Each {
            item, next, done, ..
        } => {
            let item = &graph.vars[item.index()];
            write!(out, "each {item} → {}, then → {}", to(next), to(done))
        }
        Node::Leave { next } => write!(out, "stop user → {}", to(next)),
        Node::StopRun { next } => write!(out, "stop run → {}", to(next)),
        Node::Request { .. }
        | Node::Act { .. }
        | Node::Record { .. }
        | Node::Wait { .. }
        | Node::Pause { .. }
        | Node::Round { .. }
        | Node::Enter { .. }
        | Node::Again { .. }
        | Node::Open { .. }
        | Node::Close { .. }
        | Node::Fork { .. }
        | Node::Join { .. }
        | Node::Meet { .. }
        | Node::Draw(_)
        | Node::Settled(_)
        | Node::Started { .. }
        | Node::StartFailed
        | Node::End => unreachable!("asked for decisions only"),
    }
}
