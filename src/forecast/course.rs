//! The expected course of a user through a part of the graph.
//!
//! Within one round the graph has no cycles: steps lead to steps that were laid
//! out before them. So the chance to come to each step is found by following them
//! in that order, once. What goes round (a set) and what may be left out (a
//! guarded step) is a part of its own, gone through by itself and then taken as
//! often as it is expected.

use std::collections::{BTreeMap, BTreeSet};

use super::{Bound, Caveats, draws::Drawn, length::Length};
mod branches;
mod loops;

use crate::{
    base::{
        ids::{ClassId, Depth, FeedId, RecordId, RequestId, StepId},
        wait::Wait,
    },
    graph::{Graph, Node},
};

/// Something that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Deed {
    Request(RequestId),
    Record(RecordId),
    /// A row is drawn from a feed.
    Draw(FeedId),
}

impl Deed {
    /// Whether it has a row in a report.
    pub(super) fn is_counted(self) -> bool {
        match self {
            Deed::Request(_) | Deed::Record(_) => true,
            Deed::Draw(_) => false,
        }
    }
}

/// How often something is done.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Times {
    pub(super) mean: f64,
    pub(super) bound: Bound,
}

/// What is to be expected of going through a part of the graph once.
#[derive(Clone, Debug, Default)]
pub(super) struct Course {
    pub(super) deeds: BTreeMap<Deed, Times>,
    /// Of all who go in, up to where they come out or stay.
    pub(super) time_s: f64,
    /// Of those who come out.
    through: Option<Length>,
    /// What all have drawn from who come out.
    drawn: Drawn,
    /// The chance to come out at the other end.
    pub(super) comes_out: f64,
    /// The chance to be gone for good on the way.
    pub(super) gone: f64,
    /// The sets that may be stayed in for good, and how likely each is.
    pub(super) stays: Vec<(StepId, f64)>,
    /// Rounds of sets, beyond the first of each: they count as iterations.
    pub(super) iterations: f64,
}

/// Users at a step: those that took equally long so far.
#[derive(Clone, Copy, Debug)]
struct Party {
    /// The chance to be one of them.
    chance: f64,
    /// Up to where a pace counts from.
    before: Length,
    /// From there on.
    since: Length,
    /// What they have drawn from in this pass.
    drawn: Drawn,
}

/// Goes through graphs on behalf of one user.
pub(super) struct Walker<'a> {
    pub(super) graph: &'a Graph,
    /// Whose ways are taken where users settle: the seat of one of a crowd.
    pub(super) seat: u32,
    pub(super) response_s: f64,
    /// Requests that are sent beside an earlier one.
    pub(super) beside: &'a BTreeSet<StepId>,
    pub(super) caveats: &'a mut Caveats,
    /// What whoever begins a course has drawn from already.
    pub(super) drawn: Drawn,
}

impl Course {
    /// Of those who do nothing on the way.
    fn nothing() -> Course {
        Course {
            comes_out: 1.0,
            through: Some(Length::default()),
            ..Course::default()
        }
    }

    /// Adds what is done in another one, which is gone through `times` as often.
    pub(super) fn add(&mut self, other: &Course, times: f64, bound: Bound) {
        for (deed, done) in &other.deeds {
            self.note(*deed, done.mean * times, done.bound.and(bound));
        }
        self.iterations += other.iterations * times;
    }

    fn note(&mut self, deed: Deed, mean: f64, bound: Bound) {
        let times = self.deeds.entry(deed).or_default();
        times.mean += mean;
        times.bound = times.bound.and(bound);
    }

    fn arrive(&mut self, parties: &[Party]) {
        self.drawn = common(parties);
        for party in parties {
            let time = party.before + party.since;
            self.comes_out += party.chance;
            self.time_s += party.chance * time.mean_s;
            self.through = Some(match self.through {
                None => time,
                Some(known) => Length {
                    min_s: known.min_s.min(time.min_s),
                    mean_s: 0.0,
                    max_s: known.max_s.max(time.max_s),
                },
            });
        }
    }

    fn lose(&mut self, parties: &[Party]) {
        let times = parties
            .iter()
            .map(|party| party.chance * (party.before + party.since).mean_s);
        self.time_s += times.sum::<f64>();
    }

    /// How long it takes.
    fn length(&self) -> Length {
        Length {
            mean_s: self.time_s,
            ..self.through.unwrap_or(Length::fixed(self.time_s))
        }
    }

    /// A way on which it could not be told whether a row was drawn before may have
    /// counted one more.
    pub(super) fn draws_once_in_a_pass(&mut self) {
        let passes = self.iterations + 1.0;
        for (deed, times) in &mut self.deeds {
            if let Deed::Draw(_) = deed {
                times.mean = times.mean.min(passes);
            }
        }
    }

    /// Whether everybody comes out, so that it can go round for ever.
    pub(super) fn goes_round(&self) -> bool {
        self.stays.is_empty() && self.gone == 0.0
    }
}

impl Walker<'_> {
    /// Follows a user from its beginning to its rounds: its variables come first.
    pub(super) fn start(&mut self, class: ClassId, from: StepId, to: StepId) -> Course {
        let feeds = self.graph.drawing.at_start(class);
        self.drawn = feeds.iter().copied().fold(Drawn::default(), Drawn::and);
        let mut course = self.course(from, Some(to));
        for feed in feeds {
            course.note(Deed::Draw(*feed), 1.0, Bound::Exact);
        }
        self.drawn = Drawn::default();
        course
    }

    /// Follows a user on its way out, on which it still has its last rows.
    pub(super) fn way_out(&mut self, from: StepId) -> Course {
        self.drawn = Drawn::ALL;
        let course = self.course(from, None);
        self.drawn = Drawn::default();
        course
    }

    /// Follows a user from one step to another, or to where it stays or is gone.
    pub(super) fn course(&mut self, from: StepId, to: Option<StepId>) -> Course {
        let mut course = Course::default();
        let mut open = BTreeMap::from([(
            from,
            vec![Party {
                chance: 1.0,
                before: Length::default(),
                since: Length::default(),
                drawn: self.drawn,
            }],
        )]);
        while let Some((at, parties)) = open.pop_last() {
            if Some(at) == to {
                course.arrive(&parties);
                continue;
            }
            let parties = self.drawing(at, parties, &mut course);
            // A part that is gone through by itself begins with what all of them have.
            let before = std::mem::replace(&mut self.drawn, common(&parties));
            let ways = self.step(at, parties, &mut course);
            self.drawn = before;
            for (next, parties) in ways {
                assert!(next < at, "steps know their successors when they are made");
                let there = open.entry(next).or_default();
                parties.into_iter().for_each(|party| join(there, party));
            }
        }
        course
    }

    /// Counts the rows that a step draws: of each feed one in a pass, by whoever has none.
    fn drawing(&self, at: StepId, mut parties: Vec<Party>, course: &mut Course) -> Vec<Party> {
        for feed in self.graph.drawing.at(at) {
            let without = parties.iter_mut().filter(|party| !party.drawn.has(*feed));
            let mut here = 0.0;
            for party in without {
                here += party.chance;
                party.drawn = party.drawn.and(*feed);
            }
            if here > 0.0 {
                course.note(Deed::Draw(*feed), here, Bound::Exact);
            }
        }
        parties
    }

    /// Takes everybody from a step to the next ones.
    fn step(
        &mut self,
        at: StepId,
        parties: Vec<Party>,
        course: &mut Course,
    ) -> Vec<(StepId, Vec<Party>)> {
        let here: f64 = parties.iter().map(|party| party.chance).sum();
        match self.graph.node(at) {
            Node::Request { request, next, .. } => {
                course.note(Deed::Request(*request), here, Bound::Exact);
                vec![(*next, after(parties, self.answered(at)))]
            }
            Node::Record { record, next, .. } => {
                course.note(Deed::Record(*record), here, Bound::Exact);
                let time = self.graph.records[record.index()].time;
                vec![(*next, after(parties, Length::of(time)))]
            }
            Node::Wait { wait, next } => vec![(*next, after(parties, Length::of(*wait)))],
            Node::Pause { wait, next, .. } => vec![(*next, self.pause(parties, *wait))],
            Node::Meet { next, .. } => {
                self.caveats.meetings = true;
                vec![(*next, parties)]
            }
            Node::Act { next, .. }
            | Node::Open { next, .. }
            | Node::Close { next, .. }
            | Node::Fork { next }
            | Node::Join { next } => vec![(*next, parties)],
            Node::Enter { depth, .. } => self.set(self.rounds_of(at, *depth), &parties, course),
            Node::Draw(choice) => {
                let total: u64 = choice.ways().map(|(weight, _)| weight).sum();
                let ways = choice.ways().map(|(weight, next)| {
                    let share = weight as f64 / total as f64;
                    (next, part(&parties, share))
                });
                ways.collect()
            }
            Node::Settled(settlement) => {
                vec![(self.graph.settled(*settlement, self.seat), parties)]
            }
            Node::When { next, skip, .. } => {
                self.caveats.guards = true;
                let guarded = self.course(*next, Some(*skip));
                let guarded = self.unless_gone(guarded);
                course.add(&guarded, here, Bound::AtMost);
                vec![(*skip, behind(&parties, &guarded, course))]
            }
            Node::If {
                then,
                otherwise,
                after,
                ..
            } => {
                let either = self.either(*then, *otherwise, *after);
                course.add(&either, here, Bound::Exact);
                vec![(*after, behind(&parties, &either, course))]
            }
            Node::Loop { depth, .. } => {
                let turns = self.turns(at, *depth);
                course.add(&turns.course, here, turns.bound);
                vec![(turns.done, behind(&parties, &turns.course, course))]
            }
            // Rounds are where courses end.
            Node::Round { .. }
            | Node::Repeat { .. }
            | Node::Each { .. }
            | Node::Again { .. }
            | Node::Leave { .. }
            | Node::StopRun { .. }
            | Node::Started { .. }
            | Node::StartFailed
            | Node::End => {
                course.lose(&parties);
                course.gone += here;
                Vec::new()
            }
        }
    }

    /// How long a request takes. Those beside another take no time of their own.
    fn answered(&self, at: StepId) -> Length {
        let is_first = !self.beside.contains(&at);
        Length::fixed(if is_first { self.response_s } else { 0.0 })
    }

    /// The wait after a task.
    fn pause(&mut self, parties: Vec<Party>, wait: Wait) -> Vec<Party> {
        let Wait::Pacing(period) = wait else {
            return after(parties, Length::of(wait));
        };
        let period_s = period.as_secs_f64();
        let paced = parties.into_iter().map(|party| {
            self.caveats.overruns |= party.since.straddles(period_s);
            Party {
                before: party.before + party.since.paced(period_s),
                since: Length::default(),
                ..party
            }
        });
        paced.collect()
    }

    /// Where the rounds of a set begin that is entered at `enter`: before the steps
    /// of its body were laid out, in which there are only deeper sets.
    fn rounds_of(&self, enter: StepId, of: Depth) -> StepId {
        let mut before = (0..enter.0).rev().map(StepId);
        let is_theirs = |step: &StepId| matches!(self.graph.node(*step), Node::Again { depth, .. } if *depth == of);
        let rounds = before.find(is_theirs);
        rounds.expect("every set that is entered has its rounds")
    }

    /// The rounds of a set.
    fn set(
        &mut self,
        at: StepId,
        parties: &[Party],
        course: &mut Course,
    ) -> Vec<(StepId, Vec<Party>)> {
        let Node::Again {
            rounds,
            until,
            next,
            done,
            ..
        } = self.graph.node(at)
        else {
            unreachable!("called for sets only");
        };
        let here: f64 = parties.iter().map(|party| party.chance).sum();
        if (rounds, until) != (&Some(1), &None) {
            // All rounds but the first are passes of their own.
            self.drawn = Drawn::default();
        }
        let round = self.course(*next, Some(at));
        let (rounds, bound) = match (until, rounds) {
            (Some(_), _) => {
                self.caveats.untils = true;
                (Some(1), Bound::AtLeast)
            }
            (None, rounds) => (*rounds, Bound::Exact),
        };
        if rounds.is_none() && round.goes_round() {
            course.lose(parties);
            course.stays.push((at, here));
            return Vec::new();
        }
        let set = repeated(&round, rounds, until.is_some());
        course.add(&set, here, bound);
        vec![(*done, behind(parties, &set, course))]
    }
}

/// A course of rounds: so many, or until somebody stays somewhere within.
pub(super) fn repeated(round: &Course, rounds: Option<u32>, open_end: bool) -> Course {
    let (mut course, number) = again(round, rounds, open_end);
    course.iterations += number - 1.0;
    course
}

/// A course that is gone through so many times, which are no iterations; and how
/// often that is on average.
fn again(round: &Course, rounds: Option<u32>, open_end: bool) -> (Course, f64) {
    let again = round.comes_out;
    let through = rounds.map_or(0.0, |rounds| again.powf(f64::from(rounds)));
    let number = match rounds {
        Some(rounds) if round.goes_round() => f64::from(rounds),
        // The sum of a geometric series.
        Some(_) | None => (1.0 - through) / (1.0 - again),
    };
    let mut course = Course {
        time_s: round.time_s * number,
        comes_out: if round.goes_round() { 1.0 } else { through },
        ..Course::default()
    };
    course.add(round, number, Bound::Exact);
    let stays = round.stays.iter();
    course.stays = stays.map(|(set, chance)| (*set, chance * number)).collect();
    course.gone = round.gone * number;
    let mut through = round.length() * number;
    if open_end {
        through.max_s = f64::INFINITY;
    }
    course.through = Some(through);
    course.drawn = round.drawn;
    (course, number)
}

/// Those who come out of a part that all of these go through.
fn behind(parties: &[Party], through: &Course, course: &mut Course) -> Vec<Party> {
    let here: f64 = parties.iter().map(|party| party.chance).sum();
    for (set, chance) in &through.stays {
        course.stays.push((*set, chance * here));
    }
    course.gone += through.gone * here;
    let parties = after(parties.to_vec(), through.length());
    let inside = part(&parties, 1.0 - through.comes_out);
    course.lose(&inside);
    if through.comes_out == 0.0 {
        return Vec::new();
    }
    let mut parties = part(&parties, through.comes_out);
    for party in &mut parties {
        party.drawn = party.drawn.with(through.drawn);
    }
    parties
}

fn after(mut parties: Vec<Party>, time: Length) -> Vec<Party> {
    for party in &mut parties {
        party.since = party.since + time;
    }
    parties
}

fn part(parties: &[Party], share: f64) -> Vec<Party> {
    let parts = parties.iter().map(|party| Party {
        chance: party.chance * share,
        ..*party
    });
    parts.collect()
}

/// Those who took equally long are counted together.
fn join(there: &mut Vec<Party>, party: Party) {
    let alike = |known: &&mut Party| {
        known.before == party.before && known.since == party.since && known.drawn == party.drawn
    };
    match there.iter_mut().find(alike) {
        Some(known) => known.chance += party.chance,
        None => there.push(party),
    }
}

/// What all of them have drawn from.
fn common(parties: &[Party]) -> Drawn {
    let drawn = parties.iter().map(|party| party.drawn);
    drawn.reduce(Drawn::both).unwrap_or_default()
}
