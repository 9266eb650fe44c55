//! What happens in a run besides requests: told from one second to the next.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use crate::stats::{Ended, Outcome, Phase, Second, Warning};

/// Something that happened, to the second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Since the start of the run.
    pub at: Duration,
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum What {
    Phase(Phase),
    /// A stage that has a name has begun.
    Stage(Arc<str>),
    /// A threshold stands otherwise than before.
    Threshold {
        threshold: String,
        outcome: Outcome,
    },
    /// The generator is short of something.
    Warning(String),
    /// It is not any more.
    WarningOver(String),
    /// A signal, the plan or a threshold ends the run.
    Stopping(Ended),
    /// Somebody wrote it down.
    Annotation(String),
}

impl Event {
    /// In one line, without its time.
    pub fn text(&self) -> String {
        match &self.what {
            What::Phase(phase) => phase.words().to_owned(),
            What::Stage(name) => format!("stage {name}"),
            What::Threshold { threshold, outcome } => match outcome {
                Outcome::Pass => format!("threshold holds: {threshold}"),
                Outcome::Fail => format!("threshold broken: {threshold}"),
                Outcome::NoData => format!("threshold without data: {threshold}"),
            },
            What::Warning(text) => format!("generator: {text}"),
            What::WarningOver(text) => format!("generator, over: {text}"),
            What::Stopping(ended) => match ended {
                Ended::Interrupted => "SIGINT".to_owned(),
                Ended::Terminated => "SIGTERM".to_owned(),
                Ended::HungUp => "SIGHUP".to_owned(),
                Ended::StoppedByPlan => "stopped by the plan".to_owned(),
                Ended::AbortedByThreshold => "ended by a threshold".to_owned(),
                Ended::Finished => "ending".to_owned(),
            },
            What::Annotation(text) => text.clone(),
        }
    }
}

/// Tells what is new in each second.
#[derive(Debug, Default)]
pub(super) struct Teller {
    phase: Option<Phase>,
    stage: Option<Arc<str>>,
    /// Whether each threshold was broken.
    broken: Vec<bool>,
    warnings: Vec<Warning>,
    stopping: bool,
}

impl Teller {
    pub fn news(&mut self, second: &Second<'_>) -> Vec<Event> {
        let snapshot = second.snapshot;
        let mut news = Vec::new();
        if self.phase.replace(snapshot.phase) != Some(snapshot.phase) {
            news.push(What::Phase(snapshot.phase));
        }
        if self.stage != snapshot.stage {
            self.stage.clone_from(&snapshot.stage);
            news.extend(snapshot.stage.clone().map(What::Stage));
        }
        self.broken.resize(snapshot.thresholds.len(), false);
        for (was, now) in self.broken.iter_mut().zip(&snapshot.thresholds) {
            let is = now.outcome == Outcome::Fail;
            if std::mem::replace(was, is) != is {
                news.push(What::Threshold {
                    threshold: now.threshold.to_string(),
                    outcome: now.outcome,
                });
            }
        }
        let is_in = |all: &[Warning], one: &Warning| {
            let mut all = all.iter();
            all.any(|other| other.shortage == one.shortage)
        };
        let over = self.warnings.iter();
        let over = over.filter(|one| !is_in(&snapshot.warnings, one));
        news.extend(over.map(|one| What::WarningOver(one.to_string())));
        let begun = snapshot.warnings.iter();
        let begun = begun.filter(|one| !is_in(&self.warnings, one));
        news.extend(begun.map(|one| What::Warning(one.to_string())));
        self.warnings = snapshot.warnings.to_vec();
        let stopping = second.ended != Ended::Finished;
        if stopping && !std::mem::replace(&mut self.stopping, true) {
            news.push(What::Stopping(second.ended));
        }
        let at = snapshot.elapsed;
        news.into_iter().map(|what| Event { at, what }).collect()
    }
}
