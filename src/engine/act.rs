//! The steps that send nothing: conditions, values, lines, samples of one's own.

use std::{slice, time::Duration};

use super::{ask::InFlight, shared::Shared, user::User, witness::Deed};
use crate::{
    base::{
        ids::{ActId, ConditionId, RecordId, SkipId, VarId},
        value::Value,
    },
    exchange::{Example, Failure, FailureKind, Phases, Timing},
    graph::{Act, Record, Variable},
    stats::Sample,
    template::RenderError,
};

/// Whether a condition holds; `None` if that cannot be said, which is counted
/// as a failure of `what`.
pub(super) fn holds(
    user: &mut User,
    shared: &Shared,
    condition: ConditionId,
    what: &str,
) -> Option<bool> {
    let condition = &shared.graph.conditions[condition.index()];
    let now = user.now;
    match condition.holds(&mut shared.scope(user, now)) {
        Ok(holds) => Some(holds),
        Err(error) => {
            user.failures += 1;
            let why = format!("`{}`: {}", condition.text(), error.message);
            shared.record_broken(user, what, RenderError { message: why });
            None
        }
    }
}

/// Whether a condition lets its step pass; if not, the skip is counted.
pub(super) fn guards(
    user: &mut User,
    shared: &Shared,
    condition: ConditionId,
    skipped: SkipId,
) -> Option<bool> {
    let holds = holds(user, shared, condition, "(when)");
    if holds == Some(false) {
        shared.recorder.borrow_mut().skipped(skipped);
        shared.witnessed(user, || Deed::Skipped(skipped));
    }
    holds
}

/// Does what takes no time. Returns whether that succeeded.
pub(super) fn perform(user: &mut User, shared: &Shared, act: ActId) -> bool {
    let now = user.now;
    let (what, result) = match &shared.graph.acts[act.index()] {
        Act::Set(variables) => {
            let set = shared.scope(user, now).set(variables);
            if set.is_ok() {
                shared.witnessed(user, || Deed::Set(values_of(variables, user)));
            }
            ("(set)", set)
        }
        Act::Items(items) => ("(for)", begin_list(user, shared, now, items)),
        Act::Unset(vars) => {
            for var in vars {
                user.vars[var.index()] = None;
            }
            return true;
        }
        Act::Log(line) => {
            let mut text = String::new();
            let rendered = line.render(&mut shared.scope(user, now), &mut text);
            let written = rendered.map(|()| {
                let mut recorder = shared.recorder.borrow_mut();
                recorder.log(now, user.number, &shared.secrets.hide(&text));
                shared.witnessed(user, || Deed::Logged(text));
            });
            ("(log)", written)
        }
    };
    match result {
        Ok(()) => true,
        Err(error) => {
            shared.record_broken(user, what, error);
            false
        }
    }
}

/// Works out what a loop goes through.
fn begin_list(
    user: &mut User,
    shared: &Shared,
    now: Duration,
    items: &Variable,
) -> Result<(), RenderError> {
    shared.scope(user, now).set(slice::from_ref(items))?;
    match &user.vars[items.var.index()] {
        Some(Value::List(_)) => Ok(()),
        Some(_) | None => Err(RenderError {
            message: format!("`{}`: it is no list", shared.graph.vars[items.var.index()]),
        }),
    }
}

/// What variables are now, that have just been set.
fn values_of(variables: &[Variable], user: &User) -> Vec<(VarId, Value)> {
    let value = |variable: &Variable| {
        let value = user.vars[variable.var.index()].clone()?;
        Some((variable.var, value))
    };
    variables.iter().filter_map(value).collect()
}

/// Sleeps for as long as the sample says, and records that. Returns whether it
/// could be worked out; whether it went well is the plan's own word.
pub(super) async fn record(user: &mut User, shared: &Shared, id: RecordId) -> bool {
    let record = &shared.graph.records[id.index()];
    let sent = shared.clock.elapsed();
    user.due = None;
    user.deeds += 1;
    let (name, ok) = match worked_out(record, user, shared) {
        Ok(sample) => sample,
        Err(error) => {
            shared.record_broken(user, "(record)", error);
            return false;
        }
    };
    let namer = shared.graph.record_as_namer(id);
    let row = shared
        .recorder
        .borrow_mut()
        .row_made_by(&shared.secrets.hide(&name), namer);
    let time = record.time.draw(&mut user.waits);
    if !time.is_zero() {
        let in_flight = InFlight::new(&shared.recorder, (user.class, namer), row, None);
        tokio::time::sleep_until(shared.clock.instant(sent + time)).await;
        in_flight.landed();
    }
    let done = shared.clock.elapsed();
    let failure = (!ok).then_some(FailureKind::Recorded);
    let mut recorder = shared.recorder.borrow_mut();
    let sample = Sample {
        row,
        due: sent,
        timing: Timing {
            sent,
            first_byte: done,
            done,
        },
        phases: Phases::default(),
        received_bytes: 0,
        redirects: 0,
        resent: 0,
        failure,
    };
    recorder.record_of(user.class, &sample);
    shared.witnessed(user, || Deed::Recorded {
        name: name.clone(),
        ok,
    });
    if let Some(kind) = failure {
        user.failures += 1;
        let failure = Failure::new(kind, "the plan says that it did not go well");
        recorder.note_failure(row, done, kind, || {
            Example::unsent(&name, &failure, &shared.secrets)
        });
    }
    true
}

/// The name of a sample, and whether it went well.
fn worked_out(
    record: &Record,
    user: &mut User,
    shared: &Shared,
) -> Result<(String, bool), RenderError> {
    let now = shared.clock.elapsed();
    let mut scope = shared.scope(user, now);
    let mut name = format!("{} ", record.kind);
    record.name.render(&mut scope, &mut name)?;
    match record.ok.make(&mut scope)? {
        Value::Bool(ok) => Ok((name, ok)),
        Value::Text(text) if matches!(&*text, "true" | "false") => Ok((name, &*text == "true")),
        Value::Null
        | Value::Int(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Map(_) => Err(RenderError {
            message: "`ok` is neither true nor false".to_owned(),
        }),
    }
}
