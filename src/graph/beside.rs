//! What is sent side by side cannot wait for what comes back beside it.

use super::{Node, codes, flow::Flow, node::lanes, reader::Uses, vars::Names};
use crate::{
    base::ids::VarId,
    source::{Diagnostic, Diagnostics, Span},
};

/// Reports requests that read an answer, or what one beside them takes out of its own;
/// and those that set the same value.
pub(super) fn check(flow: &Flow<'_>, names: &Names, found: &mut Diagnostics) {
    for node in flow.nodes {
        let Node::Fork { next } = node else {
            continue;
        };
        let lanes = lanes(flow.nodes, *next);
        let uses: Vec<&Uses> = lanes
            .iter()
            .filter_map(|lane| flow.uses(&flow.nodes[lane.index()]))
            .collect();
        for (at, one) in uses.iter().enumerate() {
            let beside = || uses[..at].iter().chain(&uses[at + 1..]);
            for (var, place) in &one.reads {
                if *var == flow.answer {
                    found.push_once(reads_answer(*place));
                } else if beside().any(|other| other.writes.contains(var)) {
                    found.push_once(reads(names.name_of(*var), *place));
                }
            }
            let both_set = one.writes.iter().copied();
            for var in
                both_set.filter(|var| uses[..at].iter().any(|other| other.writes.contains(var)))
            {
                found.push_once(both(var, names));
            }
        }
    }
}

fn reads(name: &str, place: Span) -> Diagnostic {
    Diagnostic::error(
        codes::SIDE_BY_SIDE,
        format!("`{name}` comes out of an answer that is still on its way"),
    )
    .at(place, "a request beside this one sets it")
    .help("send what needs it after the `parallel`")
}

fn reads_answer(place: Span) -> Diagnostic {
    Diagnostic::error(
        codes::SIDE_BY_SIDE,
        "of requests side by side, none has the last answer",
    )
    .at(place, "read here")
    .help("take what is needed into a variable before the `parallel`")
}

fn both(var: VarId, names: &Names) -> Diagnostic {
    let name = names.name_of(var);
    let (place, _) = names.first_set(var);
    Diagnostic::error(
        codes::SIDE_BY_SIDE,
        format!("two requests side by side set `{name}`"),
    )
    .at(place, "set here, and by another beside it")
    .help("which of them comes last is luck: give one of them another name")
}
