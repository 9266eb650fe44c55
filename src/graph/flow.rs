//! Whether every value has been set, on every way there is, before it is read.
//!
//! A forward analysis over the nodes of each class: what is certain at a node is
//! what is certain on all ways into it. Drawn tasks come in any order and any of
//! them can fail, so a value that one drawn task extracts is not certain in
//! another: that is the mistake that shows in hour three and nowhere before.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

mod set;

use self::set::Set;
use super::{
    Node, Settlement,
    acts::Acts,
    codes,
    layout::Ways,
    reader::{Uses, VarRead},
    requests::Requests,
    vars::{Guard, Names, SetBy, UnsetBy},
};
use crate::{
    base::ids::{ConditionId, StepId, VarId},
    plan::ast,
    source::{Diagnostic, Diagnostics, Span},
};

/// What is known of the users of a class before their first step.
pub(super) struct Before<'a> {
    pub(super) class: &'a ast::Class,
    /// What its variables set.
    pub(super) set: &'a [VarId],
    /// What they read that has to be there before.
    pub(super) reads: &'a [VarRead],
    pub(super) ways: Ways,
    pub(super) rows: Rows,
}

/// Whether somebody draws rows of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    Drawn,
    /// It is no user among others, to whom rows are dealt.
    None,
}

/// Reports every read of a value that may not be set; `setup` comes before all others.
pub(super) fn check<'a>(
    setup: Option<Before<'a>>,
    lives: impl Iterator<Item = Before<'a>>,
    flow: &Flow<'_>,
    names: &Names,
    found: &mut Diagnostics,
) {
    let nothing = Set::empty(names.len());
    let handed = match setup {
        None => nothing,
        Some(setup) => {
            let complete = setup.ways.stop;
            let certain = flow.examine(&setup, nothing, names, found);
            let mut handed = certain.into_iter().nth(complete.index()).flatten();
            if let Some(handed) = &mut handed {
                handed.remove(names.answer());
            }
            // A `setup` that cannot end well lets nobody in, who could miss anything.
            handed.unwrap_or_else(|| Set::full(names.len()))
        }
    };
    for life in lives {
        flow.examine(&life, handed.clone(), names, found);
    }
}

/// The most places that are shown where one value may be missing.
const MAX_PLACES: usize = 3;

/// All that the analysis looks at.
pub(super) struct Flow<'a> {
    pub(super) nodes: &'a [Node],
    pub(super) settlements: &'a [Settlement],
    pub(super) requests: &'a Requests<'a>,
    pub(super) acts: &'a Acts,
    /// See [`Names::answer`].
    pub(super) answer: VarId,
}

impl Flow<'_> {
    /// What a node does with variables, if it can do anything.
    pub(super) fn uses(&self, node: &Node) -> Option<&Uses> {
        match node {
            Node::Request { request, .. } => Some(self.requests.uses(*request)),
            Node::Act { act, .. } => Some(self.acts.act_uses(*act)),
            Node::Record { record, .. } => Some(self.acts.record_uses(*record)),
            Node::When { condition, .. } | Node::If { condition, .. } => {
                Some(self.acts.condition_uses(*condition))
            }
            Node::Repeat { condition, .. } => {
                condition.map(|condition| self.acts.condition_uses(condition))
            }
            Node::Again { until, .. } => until.map(|until| self.acts.condition_uses(until)),
            Node::Wait { .. }
            | Node::Pause { .. }
            | Node::Round { .. }
            | Node::Enter { .. }
            | Node::Loop { .. }
            | Node::Each { .. }
            | Node::Open { .. }
            | Node::Close { .. }
            | Node::Fork { .. }
            | Node::Join { .. }
            | Node::Meet { .. }
            | Node::Draw(_)
            | Node::Settled(_)
            | Node::Started { .. }
            | Node::StartFailed
            | Node::Leave { .. }
            | Node::StopRun { .. }
            | Node::End => None,
        }
    }

    /// Whether a place is that of the form that a node sends.
    fn is_form(&self, node: &Node, place: Span) -> bool {
        match node {
            Node::Request { request, .. } => self.requests.form(*request) == Some(place),
            _ => false,
        }
    }

    /// Reports what users of a class may miss who have what they are `handed`. Returns
    /// what is certain at each node.
    fn examine(
        &self,
        life: &Before<'_>,
        handed: Set,
        names: &Names,
        found: &mut Diagnostics,
    ) -> Vec<Option<Set>> {
        let mut missing: BTreeMap<VarId, BTreeSet<Span>> = BTreeMap::new();
        for (var, span) in life.reads {
            if !handed.contains(*var) {
                missing.entry(*var).or_default().insert(*span);
            }
        }
        let mut without_page: BTreeSet<Span> = BTreeSet::new();
        let mut start = handed;
        life.set.iter().for_each(|var| start.insert(*var));
        start.insert(names.answer_asked());
        start.insert(names.body_asked());
        match life.rows {
            Rows::Drawn => names
                .feeds()
                .for_each(|feed| start.insert(names.feed(feed))),
            Rows::None => {}
        }
        let certain = self.certain_at(life.ways, &start);
        for (node, certain) in self.nodes.iter().zip(&certain) {
            let Some(certain) = certain else {
                continue;
            };
            for (var, span) in self.uses(node).into_iter().flat_map(|uses| &uses.reads) {
                if certain.contains(*var) {
                    continue;
                }
                if self.is_form(node, *span) {
                    without_page.insert(*span);
                } else {
                    missing.entry(*var).or_default().insert(*span);
                }
            }
        }
        if !without_page.is_empty() {
            found.push_once(no_page(life.class, &without_page));
        }
        for (var, places) in missing {
            if names.as_feed(var).is_some() {
                found.push_once(no_rows(life.class, &places));
                continue;
            }
            found.push_once(read_before_set(life.class, var, &places, names));
        }
        certain
    }

    /// What is set for certain when a user comes to each node; `None` where none comes.
    fn certain_at(&self, ways: Ways, start: &Set) -> Vec<Option<Set>> {
        let mut certain = Certain {
            at: vec![None; self.nodes.len()],
            queue: VecDeque::new(),
        };
        certain.arrive(ways.entry, start);
        while let Some(id) = certain.queue.pop_front() {
            let here = certain.at[id.index()]
                .clone()
                .expect("a queued node has been reached");
            self.leave(&self.nodes[id.index()], &here, &mut certain);
        }
        certain.at
    }

    /// Goes on along every way out of a node.
    fn leave(&self, node: &Node, here: &Set, certain: &mut Certain) {
        match node {
            Node::Request { next, on_fail, .. }
            | Node::Act { next, on_fail, .. }
            | Node::Record { next, on_fail, .. } => {
                let mut after = here.clone();
                let uses = self.uses(node);
                if let Node::Request { .. } = node {
                    // There may be an answer to a request that failed, or none.
                    certain.arrive(*on_fail, &here.without(self.answer));
                    after.insert(self.answer);
                } else if !uses.is_some_and(|uses| uses.cannot_fail) {
                    certain.arrive(*on_fail, here);
                }
                if let Some(uses) = uses {
                    uses.writes.iter().for_each(|var| after.insert(*var));
                    uses.clears.iter().for_each(|var| after.remove(*var));
                }
                certain.arrive(*next, &after);
            }
            Node::When {
                condition,
                next: then,
                skip: otherwise,
                on_fail,
                ..
            }
            | Node::If {
                condition,
                then,
                otherwise,
                on_fail,
                ..
            } => {
                certain.arrive(*on_fail, here);
                self.part(*condition, here, [*then, *otherwise], certain);
            }
            Node::Repeat { .. } | Node::Each { .. } => self.turn(node, here, certain),
            // Here a user that is to leave turns to what is done at the end.
            Node::Pause { next, leave, .. } => {
                certain.arrive(*next, here);
                certain.arrive(*leave, here);
            }
            Node::Round { next, leave } => {
                certain.arrive(*next, &here.without(self.answer));
                certain.arrive(*leave, here);
            }
            Node::Again {
                next, done, leave, ..
            } => {
                certain.arrive(*next, &here.without(self.answer));
                certain.arrive(*done, here);
                certain.arrive(*leave, here);
            }
            Node::Draw(_) | Node::Settled(_) => {
                let ways = node.successors(self.settlements).into_iter();
                ways.for_each(|step| certain.arrive(step, here));
            }
            // Of several answers that come side by side none is the last one.
            Node::Fork { next } | Node::Join { next } => {
                certain.arrive(*next, &here.without(self.answer));
            }
            Node::Wait { next, .. }
            | Node::Open { next, .. }
            | Node::Close { next, .. }
            | Node::Meet { next, .. }
            | Node::Enter { next, .. }
            | Node::Loop { next, .. }
            | Node::Started { next }
            | Node::Leave { next }
            | Node::StopRun { next } => certain.arrive(*next, here),
            Node::StartFailed | Node::End => {}
        }
    }
}

impl Flow<'_> {
    /// Goes on into another turn of a loop, and behind it.
    fn turn(&self, node: &Node, here: &Set, certain: &mut Certain) {
        if let Node::Each {
            item, next, done, ..
        } = node
        {
            certain.arrive(*next, &here.with(&[*item]));
            if next != done {
                certain.arrive(*done, here);
            }
            return;
        }
        let Node::Repeat {
            condition,
            next,
            done,
            on_fail,
            ..
        } = node
        else {
            unreachable!("called for turns of loops only");
        };
        // It may have been for the number of turns.
        certain.arrive(*done, here);
        match condition {
            None => certain.arrive(*next, here),
            Some(condition) => {
                certain.arrive(*on_fail, here);
                self.part(*condition, here, [*next, *done], certain);
            }
        }
    }

    /// Goes on where a condition holds, and where it does not.
    fn part(
        &self,
        condition: ConditionId,
        here: &Set,
        [holds, fails]: [StepId; 2],
        certain: &mut Certain,
    ) {
        let uses = self.acts.condition_uses(condition);
        certain.arrive(holds, &here.with(&uses.proves));
        certain.arrive(fails, &here.with(&uses.disproves));
    }
}

/// What is known so far, and which nodes have news to pass on.
struct Certain {
    at: Vec<Option<Set>>,
    queue: VecDeque<StepId>,
}

impl Certain {
    fn arrive(&mut self, to: StepId, with: &Set) {
        let known = &mut self.at[to.index()];
        let changed = match known {
            None => {
                *known = Some(with.clone());
                true
            }
            Some(known) => known.intersect(with),
        };
        if changed {
            self.queue.push_back(to);
        }
    }
}

fn at_places(
    mut diagnostic: Diagnostic,
    class: &ast::Class,
    places: &BTreeSet<Span>,
) -> Diagnostic {
    let class = &class.name.value;
    let rest = places.len().saturating_sub(MAX_PLACES);
    for (at, place) in places.iter().take(MAX_PLACES).enumerate() {
        let text = match (at, rest) {
            (0, _) => format!("users of `{class}` may come here without it"),
            (2, 1..) => format!("and here, and at {rest} more"),
            _ => "and here".to_owned(),
        };
        diagnostic = diagnostic.at(*place, text);
    }
    diagnostic
}

fn no_page(class: &ast::Class, places: &BTreeSet<Span>) -> Diagnostic {
    let message = "a form is sent where there may be no page to take it from";
    at_places(Diagnostic::error(codes::NO_PAGE, message), class, places).help(
        "`submit` takes the form from the answer to the request before it in the same round: get the page \
         first, or guard the step by `when: response.status is defined`",
    )
}

/// Rows are dealt to users, and who is there before or after them is none of them.
fn no_rows(class: &ast::Class, places: &BTreeSet<Span>) -> Diagnostic {
    let scene = &class.name.value;
    let message = format!("`{scene}` reads a row, and draws none");
    let mut diagnostic = Diagnostic::error(codes::READ_BEFORE_SET, message);
    for place in places.iter().take(MAX_PLACES) {
        diagnostic = diagnostic.at(*place, "rows are dealt to users");
    }
    diagnostic.help(format!(
        "write the value into `{scene}`, or let users read it"
    ))
}

fn read_before_set(
    class: &ast::Class,
    var: VarId,
    places: &BTreeSet<Span>,
    names: &Names,
) -> Diagnostic {
    let shown = |diagnostic| at_places(diagnostic, class, places);
    if var == names.answer() {
        return shown(Diagnostic::error(
            codes::READ_BEFORE_SET,
            "`response` is read where there may be none",
        ))
        .help(
            "it is the last answer of the same round: read it after the request, or guard the step by \
             `when: response.status is defined`",
        );
    }
    let name = names.name_of(var);
    let class = &class.name.value;
    if let Some((place, UnsetBy::Answer)) = names.unset_at(var) {
        return shown(Diagnostic::error(
            codes::READ_BEFORE_SET,
            format!("`{name}` may be missing when it is read"),
        ))
        .at(place, "extracted here, if the answer has it")
        .help(format!(
            "give it a `default` in place of `optional`, or guard the step by `when: {name} is defined`"
        ));
    }
    if let Some((place, UnsetBy::Step)) = names.unset_at(var) {
        return shown(Diagnostic::error(
            codes::READ_BEFORE_SET,
            format!("`{name}` may have been taken away when it is read"),
        ))
        .at(place, "taken away here")
        .help(format!(
            "set it again before, or guard the step by `when: {name} is defined`"
        ));
    }
    let (first, by) = names.first_set(var);
    let (verb, elsewhere) = setting(by);
    let help = match by {
        SetBy::Extract(Guard::Branch) | SetBy::Step(Guard::Branch) => format!(
            "set `{name}` on both ways of the `if`, or before it; or guard what reads it by \
             `when: {name} is defined`"
        ),
        SetBy::Extract(_) => format!(
            "a drawn task cannot count on another one, nor on a request that may fail: extract `{name}` \
             earlier in the same task, or in `on_start` of `{class}`; or guard the step by `when: {name} is \
             defined`"
        ),
        SetBy::Step(_) => format!(
            "neither a drawn task nor a step of a sequence can count on another one: set `{name}` earlier in \
             the same task, in `on_start` of `{class}`, or in `vars`; or guard the step by `when: {name} is \
             defined`"
        ),
        SetBy::Item => format!("read `{name}` in the `do` of its `for`"),
        SetBy::Argument => format!("hand `{name}` over where the task is run"),
        SetBy::Vars => format!("give `{class}` its own `{name}`, or set it in the plan's `vars`"),
    };
    shown(Diagnostic::error(
        codes::READ_BEFORE_SET,
        format!("`{name}` is read before it is {verb}"),
    ))
    .at(first, elsewhere)
    .help(help)
}

/// What sets a value, as a verb, and what is said of the place.
fn setting(by: SetBy) -> (&'static str, &'static str) {
    match by {
        SetBy::Extract(Guard::None) => {
            ("extracted", "extracted here, which need not have happened")
        }
        SetBy::Extract(Guard::When) => ("extracted", "extracted here, only where its `when` holds"),
        SetBy::Extract(Guard::Branch) => ("extracted", "extracted here, on one way of an `if`"),
        SetBy::Vars => ("set", "set here, for other users"),
        SetBy::Step(Guard::None) => ("set", "set here, which need not have happened"),
        SetBy::Step(Guard::When) => ("set", "set here, only where its `when` holds"),
        SetBy::Step(Guard::Branch) => ("set", "set here, on one way of an `if`"),
        SetBy::Argument => ("handed over", "a parameter"),
        SetBy::Item => ("set", "an item"),
    }
}
