//! What thresholds are about: taken out of windows, and added up.

use std::{ops::Range, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    measure::{Counted, Measurable, Span},
    sliding::{Closing, Sliding},
};
use crate::{
    base::{
        ids::ClassId,
        threshold::{Basis, Judged, Metric, Of, Threshold},
    },
    stats::{
        Window,
        counts::{Counts, UserCounts},
        latency::{Latencies, Sparse},
        row::Times,
    },
};

/// What the plan's classes and groups are called.
pub(in crate::stats) struct Known<'a> {
    pub classes: Vec<&'a str>,
    pub groups: &'a [Arc<str>],
}

/// What some thresholds are about.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Watch {
    of: Place,
    basis: Basis,
    /// When it began to be looked at, since the start of the run.
    from: Duration,
    within: Option<Range<Duration>>,
    over: Option<Duration>,
    wanted: Wanted,
    pub sums: Sums,
}

/// Where in a window it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Place {
    All,
    Name(String),
    Group(usize),
    Class(ClassId),
    /// What the plan does not have: there will be no data.
    Nowhere,
}

/// How much of times is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Wanted {
    Nothing,
    /// How many, their sum, the shortest and the longest.
    Ends,
    Shape,
}

/// What has come so far.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Sums {
    /// Of the run, or of a stage.
    Run(Box<Total>),
    Windows(Box<Sliding>),
}

/// One sum of it all.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Total {
    pub counted: Counted,
    times: Latencies,
}

impl Watch {
    pub fn of(judged: &Judged, known: &Known<'_>) -> Watch {
        let Judged { threshold, within } = judged;
        let mut watch = Watch {
            of: Place::of(&threshold.of, known),
            basis: threshold.basis,
            from: Duration::ZERO,
            within: within.clone(),
            over: threshold.over,
            wanted: Wanted::Nothing,
            sums: match threshold.over {
                Some(over) => Sums::Windows(Box::new(Sliding::new(over, within.clone()))),
                None => Sums::Run(Box::default()),
            },
        };
        watch.keep(wanted(threshold));
        watch
    }

    /// Whether both are about the same.
    pub fn is_like(&self, other: &Watch) -> bool {
        self.of == other.of
            && self.basis == other.basis
            && self.within == other.within
            && self.over == other.over
    }

    /// It is looked at from a time of the run on.
    pub fn begin_at(&mut self, from: Duration) {
        self.from = from;
        if let Sums::Windows(sliding) = &mut self.sums {
            sliding.begin_at(from);
        }
    }

    /// Keeps what the other keeps, too.
    pub fn wants(&mut self, other: &Watch) {
        self.keep(other.wanted);
    }

    fn keep(&mut self, wanted: Wanted) {
        self.wanted = self.wanted.max(wanted);
        if let Sums::Windows(sliding) = &mut self.sums {
            sliding.wants(wanted);
        }
    }

    pub fn add(&mut self, window: &Window) {
        // A window never lies in two stages: workers end it where one begins.
        let is_outside =
            |within: &Range<Duration>| window.to <= within.start || within.end < window.to;
        if self.within.as_ref().is_some_and(is_outside) {
            return;
        }
        let (sums, wanted, basis) = (&mut self.sums, self.wanted, self.basis);
        let mut add = |counted: Counted, times: Option<&Times<Sparse>>| {
            let times = times.map(|times| match basis {
                Basis::Response => &times.response,
                Basis::Service => times.service(),
            });
            match sums {
                Sums::Run(total) => total.add(&counted, times, wanted),
                Sums::Windows(sliding) => sliding.add(window.to, &counted, times),
            }
        };
        match &self.of {
            Place::All => {
                let mut counted = Counted::default();
                for row in window.rows.values() {
                    counted.add(&of_row(&row.counts));
                    add(Counted::default(), Some(&row.times));
                }
                for users in &window.users {
                    counted.add(&of_users(users));
                }
                counted.skipped = window.skipped.iter().sum();
                add(counted, None);
            }
            Place::Name(name) => {
                if let Some(row) = window.rows.get(name.as_str()) {
                    add(of_row(&row.counts), Some(&row.times));
                }
            }
            Place::Group(at) => {
                if let Some(group) = window.groups.get(*at) {
                    let counted = Counted {
                        ok: group.ok,
                        failed: group.failed,
                        ..Counted::default()
                    };
                    add(counted, Some(&group.times));
                }
            }
            Place::Class(class) => {
                let of_class = window.classes.iter().find(|(known, _)| known == class);
                if let Some((_, row)) = of_class {
                    add(of_row(&row.counts), Some(&row.times));
                }
                if let Some(users) = window.users.get(class.index()) {
                    add(of_users(users), None);
                }
            }
            Place::Nowhere => {}
        }
    }

    /// From when to when it is looked at, as far as that is past.
    pub fn span(&self, now: Duration) -> Span {
        match &self.within {
            None => Span {
                from: self.from,
                to: now,
            },
            Some(within) => Span {
                from: within.start.max(self.from),
                to: within.end.min(now).max(within.start).max(self.from),
            },
        }
    }

    /// Whether it was looked at for so long, or for as long as it will be.
    pub fn has_lasted(&self, time: Duration, now: Duration) -> bool {
        let is_over = self.within.as_ref().is_some_and(|within| within.end <= now);
        is_over || self.span(now).length() >= time
    }
}

impl Place {
    fn of(of: &Of, known: &Known<'_>) -> Place {
        match of {
            Of::All => Place::All,
            Of::Name(name) => Place::Name(name.clone()),
            Of::Group(name) => {
                let at = known.groups.iter().position(|group| **group == **name);
                at.map_or(Place::Nowhere, Place::Group)
            }
            Of::Class(name) => {
                let at = known.classes.iter().position(|class| class == name);
                at.map_or(Place::Nowhere, |at| Place::Class(ClassId::at(at)))
            }
            Of::Iteration(name) => {
                let at = known.classes.iter().position(|class| class == name);
                // They follow the groups of the plan.
                at.map_or(Place::Nowhere, |at| Place::Group(known.groups.len() + at))
            }
        }
    }
}

impl Sums {
    pub fn close(&mut self, until_s: u64, now: Duration) -> Option<Closing<'_>> {
        match self {
            Sums::Run(_) => None,
            Sums::Windows(sliding) => Some(sliding.close(until_s, now)),
        }
    }

    pub fn close_all(&mut self, elapsed: Duration) -> Option<Closing<'_>> {
        match self {
            Sums::Run(_) => None,
            Sums::Windows(sliding) => Some(sliding.close_all(elapsed)),
        }
    }
}

impl Total {
    fn add(&mut self, counted: &Counted, times: Option<&Sparse>, wanted: Wanted) {
        self.counted.add(counted);
        match (times, wanted) {
            (None, _) | (_, Wanted::Nothing) => {}
            (Some(times), Wanted::Ends | Wanted::Shape) => self.times.add_sparse(times),
        }
    }

    pub fn measured(&self, span: Span) -> Measurable<'_, Latencies> {
        Measurable {
            counted: &self.counted,
            times: &self.times,
            span,
            has_begun: self.counted.requests() + self.counted.skipped > 0,
        }
    }
}

fn wanted(threshold: &Threshold) -> Wanted {
    match threshold.metric {
        Metric::Percentile(_) => Wanted::Shape,
        Metric::Mean | Metric::Max | Metric::Min => Wanted::Ends,
        Metric::Errors | Metric::Rate | Metric::Dropped | Metric::Skipped | Metric::Bytes => {
            Wanted::Nothing
        }
    }
}

fn of_row(counts: &Counts) -> Counted {
    Counted {
        ok: counts.ok,
        failed: counts.failed,
        received_bytes: counts.received_bytes,
        ..Counted::default()
    }
}

fn of_users(users: &UserCounts) -> Counted {
    Counted {
        dropped: users.dropped,
        due: users.due,
        ..Counted::default()
    }
}
