//! Groups, requests that are sent side by side, and meetings.

use std::{
    collections::HashMap,
    fmt::{self, Write as _},
};

use crate::{
    base::{duration, ids::StepId},
    graph::{Graph, Node, Way},
};

pub(super) fn write(
    graph: &Graph,
    node: &Node,
    numbers: &HashMap<StepId, usize>,
    out: &mut String,
) -> fmt::Result {
    let to = |id: &StepId| numbers[id];
    match node {
        Node::Open { next, .. } => write!(out, "group begins → {}", to(next)),
        Node::Close {
            group, way, next, ..
        } => {
            let group = &graph.groups[group.index()];
            let how = match way {
                Way::Done => "ends",
                Way::Failed => "fails",
            };
            write!(out, "group {group} {how} → {}", to(next))
        }
        Node::Fork { next } => write!(out, "side by side → {}", to(next)),
        Node::Join { next } => write!(out, "all are over → {}", to(next)),
        Node::Meet { meeting, next } => {
            let meeting = &graph.meetings[meeting.index()];
            let timeout = duration::text(meeting.timeout);
            let (name, users) = (&meeting.name, meeting.users);
            write!(
                out,
                "meet {name}, {users} users, within {timeout} → {}",
                to(next)
            )
        }
        Node::Request { .. }
        | Node::Act { .. }
        | Node::Record { .. }
        | Node::When { .. }
        | Node::If { .. }
        | Node::Loop { .. }
        | Node::Repeat { .. }
        | Node::Each { .. }
        | Node::Wait { .. }
        | Node::Pause { .. }
        | Node::Round { .. }
        | Node::Enter { .. }
        | Node::Again { .. }
        | Node::Draw(_)
        | Node::Settled(_)
        | Node::Started { .. }
        | Node::StartFailed
        | Node::Leave { .. }
        | Node::StopRun { .. }
        | Node::End => unreachable!("asked for what is done together only"),
    }
}
