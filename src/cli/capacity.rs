//! A search for the capacity of a target: one run after the other, each at a level of
//! its own.
//!
//! Which level comes next is arithmetic ([`profile::Search`]), and what a try has shown
//! is told by its numbers ([`TryOutcome::of`]); here they are played.
//!
//! [`profile::Search`]: crate::profile::Search

use std::{collections::BTreeMap, io::Write as _, time::Duration};

use tokio::time::sleep_until;

use super::{CliError, Context, prepare::Prepared, run::reach::Told, run::signals::Signals};
use crate::{
    base::{clock::Clock, figures, rate::Rate, sought::Sought},
    engine::{Settings, StopSignal},
    graph::{Find, Graph},
    plan::ast::Level,
    profile::{Bounds, Knee, Search, Shown},
    stats::{Capacity, Ended, Measured, RunRecord, SearchOutcome, Try, TryOutcome},
};

/// What a search is made with.
pub(super) struct Searching<'a> {
    pub(super) prepared: &'a mut Prepared,
    /// Of the highest try.
    pub(super) graph: Graph,
    pub(super) find: Find,
    /// Of all tries: each makes its own of them.
    pub(super) settings: Settings,
    pub(super) told: Told,
}

/// A try that is to be played.
pub(super) struct Attempt {
    pub(super) graph: Graph,
    pub(super) settings: Settings,
    /// `try 3: 40/s`
    pub(super) title: String,
}

/// A level as plans have it.
pub(super) fn level(bounds: &Bounds, level: u64) -> Level {
    match bounds.sought {
        Sought::Users => Level::Users(u32::try_from(level).expect("levels of users are u32")),
        Sought::Arrivals => Level::Rate(Rate::of_millionths_per_hour(level)),
    }
}

/// Tries level after level until it is known which one is the highest that holds, and
/// returns the record of the last try at that.
///
/// # Errors
///
/// Whatever keeps a try from being played.
pub(super) async fn search(
    searching: Searching<'_>,
    signals: &mut Signals,
    ctx: &mut Context,
    mut play: impl AsyncFnMut(Attempt, &mut Signals) -> Result<RunRecord, CliError>,
) -> Result<RunRecord, CliError> {
    let mut state = State::new(&searching, ctx)?;
    let outcome = loop {
        let Some(level) = state.search.next() else {
            break state.at_the_end();
        };
        if !state.tries.is_empty()
            && let Some(signal) = state.cool_down(signals).await
        {
            state.ended = ended_by(signal);
            break SearchOutcome::Stopped;
        }
        let attempt = state.attempt(level, &mut *searching.prepared, &searching.settings)?;
        let record = play(attempt, signals).await?;
        if let Some(outcome) = state.note(level, record, ctx)? {
            break outcome;
        }
    };
    Ok(state.conclude(outcome))
}

/// Where a search stands.
struct State {
    clock: Clock,
    find: Find,
    told: Told,
    search: Search,
    tries: Vec<Try>,
    spoiled: u32,
    capacity: Capacity,
    /// Of the highest levels that held.
    held: BTreeMap<u64, RunRecord>,
    last: Option<RunRecord>,
    ended: Ended,
}

/// Records that are kept: an answer that does not hold again leaves the one below it.
const KEPT: usize = 3;

impl State {
    fn new(searching: &Searching<'_>, ctx: &mut Context) -> Result<State, CliError> {
        let Searching {
            graph, find, told, ..
        } = searching;
        let bounds = find.bounds;
        let state = State {
            clock: Clock::start(),
            find: *find,
            told: *told,
            search: Search::new(bounds),
            tries: Vec::new(),
            spoiled: 0,
            capacity: Capacity {
                bounds,
                conditions: graph.conditions(),
                tries: Vec::new(),
                knee: None,
                outcome: SearchOutcome::Stopped,
                elapsed: Duration::ZERO,
            },
            held: BTreeMap::new(),
            last: None,
            ended: Ended::Finished,
        };
        state.tell(&format!("looking for {}", find.text()), ctx)?;
        Ok(state)
    }

    /// Waits until the target has had its rest. Returns the signal that came meanwhile.
    async fn cool_down(&self, signals: &mut Signals) -> Option<StopSignal> {
        let until = self.clock.elapsed() + self.find.cool_down;
        tokio::select! {
            signal = signals.next() => Some(signal),
            () = sleep_until(self.clock.instant(until)) => None,
        }
    }

    /// A run of its own: with users, names and choices that no other try had.
    fn attempt(
        &self,
        level: u64,
        prepared: &mut Prepared,
        settings: &Settings,
    ) -> Result<Attempt, CliError> {
        let bounds = &self.find.bounds;
        let text = bounds.text(level);
        let number = self.tries.len() + 1;
        let mut graph = prepared
            .compile_try(self::level(bounds, level))
            .ok_or_else(|| CliError::Wrong(format!("the plan cannot be run with {text}")))?;
        let measured = self.find.measured();
        let judged = Measured::judged(&measured);
        graph.thresholds = graph.thresholds.into_iter().chain(judged).collect();
        Ok(Attempt {
            graph,
            settings: Settings {
                run_id: format!("{}-{number}", settings.run_id).into(),
                seed: settings.seed.wrapping_add(number as u64 - 1),
                ..settings.clone()
            },
            title: format!("try {number}: {text}"),
        })
    }

    /// Notes what a try has shown. Returns how the search ends, if it ends with it.
    fn note(
        &mut self,
        level: u64,
        mut record: RunRecord,
        ctx: &mut Context,
    ) -> Result<Option<SearchOutcome>, CliError> {
        let measured = Measured::take_from(&mut record);
        match record.ended {
            Ended::Interrupted | Ended::Terminated | Ended::HungUp => {
                self.ended = record.ended;
                self.last = Some(record);
                return Ok(Some(SearchOutcome::Stopped));
            }
            Ended::Finished | Ended::StoppedByPlan | Ended::AbortedByThreshold => {}
        }
        let until = match self.find.bounds.sought {
            Sought::Users => self.find.measured().end,
            // Nobody has to be there after the last of them.
            Sought::Arrivals => Duration::ZERO,
        };
        let outcome = TryOutcome::of(&record, until, self.find.graceful_stop);
        let one = Try {
            level,
            outcome,
            measured,
            elapsed: record.elapsed,
        };
        self.tell(&self.line(&one), ctx)?;
        let mut ends = None;
        match &one.outcome {
            TryOutcome::Held => {
                self.search.note(level, Shown::Held);
                self.held.insert(level, record);
                if self.held.len() > KEPT {
                    self.held.pop_first();
                }
            }
            TryOutcome::Broken(_) => {
                self.search.note(level, Shown::Broken);
                self.last = Some(record);
            }
            TryOutcome::Spoiled(why) => {
                self.spoiled += 1;
                self.last = Some(record);
                ends = (self.spoiled > Find::SPOILED).then(|| SearchOutcome::Spoiled {
                    level,
                    why: why.clone(),
                });
            }
        }
        self.tries.push(one);
        Ok(ends)
    }

    /// How a search ends that knows of no other level to try.
    fn at_the_end(&self) -> SearchOutcome {
        let is_sure = match self.search.knee() {
            Some(Knee::Between { held, .. } | Knee::AtLeast { held }) => {
                self.search.is_confirmed(held) && self.search.is_narrow()
            }
            Some(Knee::Below { .. }) => true,
            None => false,
        };
        match is_sure {
            true => SearchOutcome::Found,
            false => SearchOutcome::OutOfTries,
        }
    }

    fn conclude(mut self, outcome: SearchOutcome) -> RunRecord {
        let knee = self.search.knee();
        let decisive = match knee {
            Some(Knee::Between { held, .. } | Knee::AtLeast { held }) => self.held.remove(&held),
            Some(Knee::Below { .. }) | None => None,
        };
        let last = self.held.pop_last().map(|(_, record)| record);
        let record = decisive.or(self.last).or(last);
        let mut record = record.expect("a search ends after a try");
        if outcome == SearchOutcome::Stopped {
            record.ended = self.ended;
        }
        record.with_capacity(Capacity {
            tries: self.tries,
            knee,
            outcome,
            elapsed: self.clock.elapsed(),
            ..self.capacity
        })
    }

    /// `try 3: 40/s held: 40/s requests, p95 12ms, 0 % errors`
    fn line(&self, one: &Try) -> String {
        let number = self.tries.len() + 1;
        let level = self.find.bounds.text(one.level);
        match &one.outcome {
            TryOutcome::Held => {
                let p95 = one.measured.p95_us.unwrap_or(0.0) * 1_000.0;
                let p95 = figures::time(Duration::from_nanos(p95 as u64));
                let rate = figures::rate(one.measured.rate.unwrap_or(0.0));
                format!("try {number}: {level} held: p95 {p95} at {rate} requests")
            }
            TryOutcome::Broken(why) => format!("try {number}: {level} did not hold: {why}"),
            TryOutcome::Spoiled(why) => format!("try {number}: {level} says nothing: {why}"),
        }
    }

    fn tell(&self, text: &str, ctx: &mut Context) -> Result<(), CliError> {
        match self.told {
            Told::Nobody => {}
            Told::OnStderr => {
                writeln!(ctx.stderr, "{text}")?;
                ctx.flush()?;
            }
        }
        Ok(())
    }
}

fn ended_by(signal: StopSignal) -> Ended {
    match signal {
        StopSignal::Terminate => Ended::Terminated,
        StopSignal::HangUp => Ended::HungUp,
        StopSignal::Interrupt | StopSignal::Plan => Ended::Interrupted,
    }
}
