//! Whether every value has been set, on every way there is, before it is read.
//!
//! A forward analysis over the nodes of each class: what is certain at a node is
//! what is certain on all ways into it. Drawn tasks come in any order and any of
//! them can fail, so a value that one drawn task extracts is not certain in
//! another: that is the mistake that shows in hour three and nowhere before.

use std::collections::VecDeque;

use super::{
    Node, codes,
    layout::Ways,
    requests::Requests,
    vars::{Names, SetBy},
};
use crate::{
    base::ids::{StepId, VarId},
    plan::ast,
    source::{Diagnostic, Diagnostics, Span},
};

/// Reports every read of a value that may not be set.
pub(super) fn check<'a>(
    classes: impl Iterator<Item = (&'a ast::Class, &'a [VarId], Ways)>,
    nodes: &[Node],
    requests: &Requests<'_>,
    names: &Names,
    found: &mut Diagnostics,
) {
    for (class, set, ways) in classes {
        let mut start = Set::empty(names.len());
        set.iter().for_each(|var| start.insert(*var));
        let certain = certain_at(nodes, ways, start, requests);
        for (node, certain) in nodes.iter().zip(certain) {
            let (Node::Request { request, .. }, Some(certain)) = (node, certain) else {
                continue;
            };
            for (var, span) in &requests.uses(*request).reads {
                if !certain.contains(*var) {
                    found.push_once(read_before_set(class, *var, *span, names));
                }
            }
        }
    }
}

/// What is set for certain when a user comes to each node; `None` where none comes.
fn certain_at(nodes: &[Node], ways: Ways, start: Set, requests: &Requests<'_>) -> Vec<Option<Set>> {
    let mut certain: Vec<Option<Set>> = vec![None; nodes.len()];
    certain[ways.entry.index()] = Some(start);
    let mut queue = VecDeque::from([ways.entry]);
    while let Some(id) = queue.pop_front() {
        let here = certain[id.index()]
            .clone()
            .expect("a queued node has been reached");
        let mut arrive = |to: StepId, with: &Set| {
            let known = &mut certain[to.index()];
            let changed = match known {
                None => {
                    *known = Some(with.clone());
                    true
                }
                Some(known) => known.intersect(with),
            };
            if changed {
                queue.push_back(to);
            }
        };
        match &nodes[id.index()] {
            Node::Request {
                request,
                next,
                on_fail,
            } => {
                arrive(*on_fail, &here);
                let mut after = here.clone();
                requests
                    .uses(*request)
                    .writes
                    .iter()
                    .for_each(|var| after.insert(*var));
                arrive(*next, &after);
            }
            Node::Wait { next, .. } => arrive(*next, &here),
            // Here a user that is to leave turns to `on_stop`.
            Node::Pause { next, .. } | Node::Round { next } => {
                arrive(*next, &here);
                arrive(ways.stop, &here);
            }
            Node::Draw(choice) => choice.ways().for_each(|(_, step)| arrive(step, &here)),
            Node::Started { next } | Node::StopRun { next } => arrive(*next, &here),
            Node::StartFailed | Node::End => {}
        }
    }
    certain
}

fn read_before_set(class: &ast::Class, var: VarId, span: Span, names: &Names) -> Diagnostic {
    let name = names.name_of(var);
    let class = &class.name.value;
    let (first, by) = names.first_set(var);
    let (verb, elsewhere) = match by {
        SetBy::Extract => ("extracted", "extracted here, which need not have happened"),
        SetBy::Vars => ("set", "set here, for other users"),
    };
    let help = match by {
        SetBy::Extract => format!(
            "a drawn task cannot count on another one, nor on a request that may fail: extract `{name}` \
             earlier in the same task, or in `on_start` of `{class}`"
        ),
        SetBy::Vars => format!("give `{class}` its own `{name}`, or set it in the plan's `vars`"),
    };
    Diagnostic::error(
        codes::READ_BEFORE_SET,
        format!("`{name}` is read before it is {verb}"),
    )
    .at(span, format!("users of `{class}` may come here without it"))
    .at(first, elsewhere)
    .help(help)
}

/// A set of variables.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Set(Box<[u64]>);

impl Set {
    fn empty(vars: usize) -> Set {
        Set(vec![0; vars.div_ceil(64)].into())
    }

    fn insert(&mut self, var: VarId) {
        self.0[var.index() / 64] |= 1 << (var.index() % 64);
    }

    fn contains(&self, var: VarId) -> bool {
        self.0[var.index() / 64] & (1 << (var.index() % 64)) != 0
    }

    /// Keeps what is in both; says whether that changed anything.
    fn intersect(&mut self, other: &Set) -> bool {
        let mut changed = false;
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            changed |= *mine & !theirs != 0;
            *mine &= theirs;
        }
        changed
    }
}
