//! What the command line changes in a load: never what its author did not name.

use std::time::Duration;

use super::{Overrides, put};
use crate::{
    base::duration,
    plan::ast::{Change, Level, Load, Plan, Stage, amount},
    source::Span,
};

/// Changes the load that the plan is about.
pub(super) fn apply(overrides: &Overrides, plan: &mut Plan) -> Result<(), String> {
    let Overrides {
        users,
        rate,
        duration,
        ramp_up,
        ramp_down,
        ..
    } = overrides;
    let options = [
        ("--users", users.is_some()),
        ("--rate", rate.is_some()),
        ("--duration", duration.is_some()),
        ("--ramp-up", ramp_up.is_some()),
        ("--ramp-down", ramp_down.is_some()),
    ];
    let Some((first, _)) = options.iter().find(|(_, given)| *given) else {
        return Ok(());
    };
    let (load, top) = meant(plan, first)?;
    if load.find.is_some() {
        let key = match *first {
            "--users" | "--rate" => "to",
            _ => "hold",
        };
        return Err(format!(
            "{first}: the plan looks for the highest level: change how with `--set load.find.{key}=…`"
        ));
    }
    if let Some(users) = users {
        set_level(load, Level::Users(*users), "--users", top)?;
    }
    if let Some(rate) = rate {
        set_level(load, Level::Rate(*rate), "--rate", top)?;
    }
    if let Some(time) = duration {
        set_duration(load, *time, top)?;
    }
    if let Some(time) = ramp_up {
        set_ramp(load, *time, Ramp::Up, top)?;
    }
    if let Some(time) = ramp_down {
        set_ramp(load, *time, Ramp::Down, top)?;
    }
    Ok(())
}

/// The plan's load; where no class takes part in it, that of the only class.
fn meant<'p>(plan: &'p mut Plan, option: &str) -> Result<(&'p mut Load, Span), String> {
    let top = plan.top;
    let own = plan.users.iter().filter(|class| class.load.is_some());
    let own = own.count();
    if own == 0 || own < plan.users.len() {
        let top = plan.load.span.unwrap_or(top);
        return Ok((&mut plan.load, top));
    }
    let names: Vec<_> = plan
        .users
        .iter()
        .map(|class| class.name.value.clone())
        .collect();
    match plan.users.as_mut_slice() {
        [only] => {
            let top = only.name.span;
            let load = only.load.as_mut().expect("it has a load of its own");
            Ok((load, top))
        }
        _ => Err(format!(
            "{option}: each of the classes {} has a load of its own: change one with `--set users.{}.load.…`",
            names.join(", "),
            names[0]
        )),
    }
}

/// Where a load has one level above 0, it becomes another.
fn set_level(load: &mut Load, level: Level, option: &str, top: Span) -> Result<(), String> {
    let levels = load.levels();
    let is_rate = matches!(level, Level::Rate(_));
    if !levels.is_empty() && load.is_open() != is_rate {
        return Err(match is_rate {
            true => format!("{option}: the load counts users, not arrivals: `--users` changes it"),
            false => format!("{option}: the load counts arrivals, not users: `--rate` changes it"),
        });
    }
    let mut above: Vec<u64> = levels.iter().map(|level| amount(level.value)).collect();
    above.retain(|amount| *amount > 0);
    above.sort_unstable();
    above.dedup();
    let Some(stages) = &mut load.stages else {
        if load.steps.is_some() {
            return Err(format!(
                "{option}: the load is a staircase: change it with `--set load.steps.to=…`"
            ));
        }
        match level {
            Level::Users(users) => put(&mut load.users, Some(users), top),
            Level::Rate(rate) => put(&mut load.arrivals, Some(rate), top),
        }
        return Ok(());
    };
    if above.len() != 1 {
        let is_way = |stage: &Stage| matches!(stage.change, Change::To { .. });
        return Err(format!(
            "{option}: the stages go to {} levels: change one with `--set load.stages.{}.to=…`",
            above.len(),
            stages.iter().position(is_way).unwrap_or(0)
        ));
    }
    for stage in &mut stages.value {
        if let Change::To { level: old, .. } = &mut stage.change
            && amount(old.value) > 0
        {
            old.value = level;
        }
    }
    Ok(())
}

/// Changes the hold that the plan is about: the one marked `steady`, else the longest.
fn set_duration(load: &mut Load, time: Duration, top: Span) -> Result<(), String> {
    let Some(stages) = &mut load.stages else {
        if load.steps.is_some() {
            return Err(
                "--duration: the load is a staircase: change it with `--set load.steps.hold=…`"
                    .to_owned(),
            );
        }
        put(&mut load.duration, Some(time), top);
        return Ok(());
    };
    let held = |stage: &Stage| match &stage.change {
        Change::Hold(time) => Some(time.value),
        Change::To { .. } | Change::Pause(_) => None,
    };
    let is_steady = |stage: &Stage| stage.steady.as_ref().is_some_and(|steady| steady.value);
    let longest = stages.iter().filter_map(held).max();
    let Some(longest) = longest else {
        return Err(
            "--duration: the stages hold no level, so there is none to hold longer".to_owned(),
        );
    };
    let marked: Vec<usize> = (0..stages.len())
        .filter(|at| is_steady(&stages[*at]))
        .collect();
    let of_longest = (0..stages.len()).filter(|at| held(&stages[*at]) == Some(longest));
    let chosen = match marked.as_slice() {
        [] => of_longest.collect(),
        marked => marked.to_vec(),
    };
    let [chosen] = chosen.as_slice() else {
        let numbers: Vec<_> = chosen.iter().map(|at| (at + 1).to_string()).collect();
        return Err(format!(
            "--duration: stages {} hold for {} each: mark the one that is meant with `steady: true`",
            numbers.join(" and "),
            duration::text(longest)
        ));
    };
    if let Change::Hold(held) = &mut stages.value[*chosen].change {
        held.value = time;
    }
    Ok(())
}

/// Which end of a load.
#[derive(Clone, Copy)]
enum Ramp {
    Up,
    Down,
}

/// Changes the time of the first way up, or of the last way down.
fn set_ramp(load: &mut Load, time: Duration, ramp: Ramp, top: Span) -> Result<(), String> {
    let (option, field) = match ramp {
        Ramp::Up => ("--ramp-up", &mut load.ramp_up),
        Ramp::Down => ("--ramp-down", &mut load.ramp_down),
    };
    let Some(stages) = &mut load.stages else {
        if load.steps.is_some() {
            return Err(format!(
                "{option}: the load is a staircase: change it with `--set load.steps.over=…`"
            ));
        }
        put(field, Some(time), top);
        return Ok(());
    };
    let stage = match ramp {
        Ramp::Up => stages.value.first_mut(),
        Ramp::Down => stages.value.last_mut(),
    };
    match stage.map(|stage| &mut stage.change) {
        Some(Change::To { over, .. }) => {
            over.value = time;
            Ok(())
        }
        Some(Change::Hold(_) | Change::Pause(_)) | None => Err(format!(
            "{option}: the {} stage goes to no level",
            match ramp {
                Ramp::Up => "first",
                Ramp::Down => "last",
            }
        )),
    }
}
