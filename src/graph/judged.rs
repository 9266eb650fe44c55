//! Which thresholds can be judged, and when.

use std::{collections::HashSet, ops::Range, sync::Arc, time::Duration};

use super::{Graph, acts::Acts, codes, find, loads::Load, requests::Requests};
use crate::{
    base::{
        ids::ClassId,
        threshold::{Judged, Of},
    },
    plan::ast,
    source::{Diagnostic, Diagnostics, Sources, Span, nearest},
};

/// What thresholds can name.
pub(super) struct There<'a> {
    /// Request names that users have.
    rows: &'a HashSet<Arc<str>>,
    requests: &'a Requests<'a>,
    acts: &'a Acts,
    loads: &'a [Load],
}

impl Graph {
    /// What classes are called.
    pub fn class_names(&self) -> Vec<Arc<str>> {
        let classes = self.classes.iter();
        classes.map(|class| class.name.clone()).collect()
    }
}

impl<'a> There<'a> {
    pub(super) fn of(
        rows: &'a HashSet<Arc<str>>,
        requests: &'a Requests<'a>,
        acts: &'a Acts,
        loads: &'a [Load],
    ) -> There<'a> {
        There {
            rows,
            requests,
            acts,
            loads,
        }
    }
}

/// A threshold on what is not there would never see data. Returns those that can be
/// judged: what is left of a plan may lack what some are about.
pub(super) fn thresholds(
    plan: &ast::Plan,
    there: &There<'_>,
    sources: &Sources,
    found: &mut Diagnostics,
) -> Vec<Judged> {
    let mut judged = Vec::new();
    for threshold in &plan.thresholds {
        let wrong = |what, name: &str, known| Wrong {
            what,
            name: name.to_owned(),
            known,
        };
        let stage = threshold.stage.as_deref();
        let within = stage.map(|name| when(name, &threshold.of, plan, there));
        let unknown = match (&threshold.of, stage, &within) {
            (_, Some(stage), Some(Err(NoTime::Unknown(known)))) => {
                let what = match takes_no_time(stage, plan) {
                    true => What::StageOfNoTime,
                    false => What::Stage,
                };
                Some(wrong(what, stage, known.clone()))
            }
            (_, Some(stage), Some(Err(NoTime::Several))) => {
                Some(wrong(What::StageOfSeveral, stage, Vec::new()))
            }
            (Of::All, ..) => None,
            (Of::Name(name), ..) => (!is_requested(name, there)).then(|| {
                let known = there.rows.iter().map(ToString::to_string);
                wrong(What::Request, name, known.collect())
            }),
            (Of::Group(name), ..) => {
                // One that could not be read has none.
                let named = there.acts.groups().filter(|group| !group.is_empty());
                let known: Vec<_> = named.map(str::to_owned).collect();
                (!known.contains(name)).then(|| wrong(What::Group, name, known))
            }
            (Of::Class(name) | Of::Iteration(name), ..) => {
                let known = plan.users.iter().map(|class| class.name.value.clone());
                let known: Vec<_> = known.collect();
                (!known.contains(name)).then(|| wrong(What::Class, name, known))
            }
        };
        let Some(unknown) = unknown else {
            judged.push(Judged {
                threshold: threshold.value.clone(),
                within: within
                    .and_then(Result::ok)
                    .map(|within| match plan.load.find {
                        Some(_) => find::until(threshold, within),
                        None => within,
                    }),
            });
            continue;
        };
        let name = unknown.name.as_str();
        let in_file = sources.said_by(threshold.span).is_none();
        let place = match sources.slice(threshold.span).rfind(name) {
            Some(at) if in_file => threshold.span.within(at..at + name.len()),
            Some(_) | None => threshold.span,
        };
        found.push(unknown.diagnostic(place, plan, there));
    }
    judged
}

/// Why it is not known when a stage is.
enum NoTime {
    /// There is none of the name; those that there are.
    Unknown(Vec<String>),
    /// Loads have different ones of the name.
    Several,
}

/// When a stage is: of the load that a class has, else of any that has one of the name.
fn when(
    name: &str,
    of: &Of,
    plan: &ast::Plan,
    there: &There<'_>,
) -> Result<Range<Duration>, NoTime> {
    let class = match of {
        Of::Class(of) | Of::Iteration(of) => {
            plan.users.iter().position(|class| class.name.value == *of)
        }
        Of::All | Of::Name(_) | Of::Group(_) => None,
    };
    let is_of_class = |load: &&Load| class.is_some() && load.class.map(ClassId::index) == class;
    let of_others = |load: &&Load| class.is_some() && load.class.is_none();
    let own = there.loads.iter().find(is_of_class);
    let own = own.or_else(|| there.loads.iter().find(of_others));
    let loads = match own {
        Some(own) => std::slice::from_ref(own),
        None => there.loads,
    };
    let stages = loads.iter().flat_map(|load| load.profile.stages());
    let stages = stages.filter(|stage| stage.from < stage.to);
    let mut times: Vec<_> = stages
        .clone()
        .filter(|stage| *stage.name == *name)
        .map(|stage| stage.from..stage.to)
        .collect();
    times.dedup();
    match times.as_slice() {
        [time] => Ok(time.clone()),
        [] => {
            let mut known: Vec<String> = Vec::new();
            for stage in stages {
                if known.iter().all(|known| **known != *stage.name) {
                    known.push(stage.name.to_string());
                }
            }
            Err(NoTime::Unknown(known))
        }
        [..] => Err(NoTime::Several),
    }
}

/// Whether a ramp is written, or asked for by an option, that takes no time: a short
/// run of a plan may do without.
fn takes_no_time(stage: &str, plan: &ast::Plan) -> bool {
    let ramp = match stage {
        "ramp_up" => &plan.load.ramp_up,
        "ramp_down" => &plan.load.ramp_down,
        _ => return false,
    };
    ramp.as_ref().is_some_and(|time| time.value.is_zero())
}

fn is_requested(name: &str, there: &There<'_>) -> bool {
    there.requests.has_templated_names()
        || there.acts.has_templated_names()
        || there.requests.hops().contains(name)
        || there.rows.contains(name)
}

/// What a threshold names that is not there.
struct Wrong {
    what: What,
    name: String,
    known: Vec<String>,
}

#[derive(Clone, Copy)]
enum What {
    Request,
    Group,
    Class,
    Stage,
    /// One that several loads have, each at its own time.
    StageOfSeveral,
    /// One that takes no time in this run.
    StageOfNoTime,
}

impl Wrong {
    fn diagnostic(mut self, place: Span, plan: &ast::Plan, there: &There<'_>) -> Diagnostic {
        let Wrong { what, name, .. } = &self;
        let only_in_scenes =
            matches!(what, What::Request) && there.requests.rows().any(|row| **row == **name);
        let (none, of_the_plan) = match what {
            What::Request => ("no request", "requests"),
            What::Group => ("no group", "groups"),
            What::Class => ("no class", "classes"),
            What::Stage | What::StageOfSeveral | What::StageOfNoTime => {
                ("no stage of the load", "stages")
            }
        };
        // A stage is not left out with tasks and classes.
        let is_stage = matches!(
            what,
            What::Stage | What::StageOfSeveral | What::StageOfNoTime
        );
        if !plan.left_out.is_empty() && !is_stage {
            return Diagnostic::note(
                codes::THRESHOLD_NAME,
                format!("{none} that is left is named `{name}`"),
            )
            .at(place, "so this threshold is not judged");
        }
        if only_in_scenes {
            return Diagnostic::error(
                codes::THRESHOLD_NAME,
                format!("only `setup` or `teardown` asks for `{name}`"),
            )
            .at(place, "what comes before and after the users is not judged");
        }
        if matches!(what, What::StageOfNoTime) {
            return Diagnostic::note(
                codes::THRESHOLD_NAME,
                format!("the stage `{name}` takes no time"),
            )
            .at(place, "so this threshold is not judged");
        }
        if matches!(what, What::StageOfSeveral) {
            return Diagnostic::error(
                codes::THRESHOLD_NAME,
                format!("several loads have a stage `{name}`, at different times"),
            )
            .at(place, "it is not known which one is meant")
            .help("say of which class, as in `p95 of class NAME in stage NAME < 1s`");
        }
        let message = format!("{none} is named `{name}`");
        let near = nearest(name, self.known.iter().map(String::as_str));
        let diagnostic = Diagnostic::error(codes::THRESHOLD_NAME, message)
            .at(place, "this threshold would never have data")
            .did_you_mean(near);
        if near.is_some() {
            return diagnostic;
        }
        // Stages have an order of their own.
        if !is_stage {
            self.known.sort();
        }
        let known: Vec<_> = self.known.iter().map(|name| format!("`{name}`")).collect();
        match known.as_slice() {
            [] => diagnostic.help(format!("the plan has no {of_the_plan}")),
            known => diagnostic.help(format!("the plan's {of_the_plan} are {}", known.join(", "))),
        }
    }
}
