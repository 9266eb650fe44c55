//! Which requests have an answer that a later step reads.
//!
//! What nobody reads is not kept: a request keeps its answer, and its body, only if
//! some way from it leads to an expression that names them before another request
//! is made or another round begins.

use std::collections::{BTreeMap, BTreeSet};

use super::{Node, flow::Flow, vars::Names};
use crate::{
    base::ids::{RequestId, StepId},
    exchange::BodyUse,
};

/// The requests whose answers are read, and whether the body is.
pub(super) fn readers(flow: &Flow<'_>, names: &Names) -> BTreeMap<RequestId, BodyUse> {
    let mut kept = BTreeMap::new();
    if !flow
        .nodes
        .iter()
        .any(|node| read(node, flow, names).is_some())
    {
        return kept;
    }
    for node in flow.nodes {
        let Node::Request { request, .. } = node else {
            continue;
        };
        if kept.get(request) == Some(&BodyUse::Keep) {
            continue;
        }
        if let Some(body) = read_after(node, flow, names) {
            kept.insert(*request, body);
        }
    }
    kept
}

/// What is read of the answer to a request, on any way from it.
fn read_after(request: &Node, flow: &Flow<'_>, names: &Names) -> Option<BodyUse> {
    let mut found = None;
    let mut seen: BTreeSet<StepId> = BTreeSet::new();
    let mut open = request.successors(flow.settlements);
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = &flow.nodes[id.index()];
        match read(node, flow, names) {
            Some(BodyUse::Keep) => return Some(BodyUse::Keep),
            Some(BodyUse::Count) => found = Some(BodyUse::Count),
            None => {}
        }
        match node {
            // From here on it is another answer, or none.
            Node::Request { .. }
            | Node::Round { .. }
            | Node::Again { .. }
            | Node::Fork { .. }
            | Node::Join { .. } => {}
            Node::Wait { .. }
            | Node::Pause { .. }
            | Node::Enter { .. }
            | Node::Loop { .. }
            | Node::Each { .. }
            | Node::Repeat { .. }
            | Node::Open { .. }
            | Node::Close { .. }
            | Node::Meet { .. }
            | Node::Draw(_)
            | Node::Settled(_)
            | Node::When { .. }
            | Node::If { .. }
            | Node::Act { .. }
            | Node::Record { .. }
            | Node::Started { .. }
            | Node::StartFailed
            | Node::Leave { .. }
            | Node::StopRun { .. }
            | Node::End => open.extend(node.successors(flow.settlements)),
        }
    }
    found
}

/// What a node reads of the last answer, guarded or not.
fn read(node: &Node, flow: &Flow<'_>, names: &Names) -> Option<BodyUse> {
    let reads = &flow.uses(node)?.reads;
    let has = |var| reads.iter().any(|(read, _)| *read == var);
    if has(names.body_asked()) {
        Some(BodyUse::Keep)
    } else if has(names.answer_asked()) {
        Some(BodyUse::Count)
    } else {
        None
    }
}
