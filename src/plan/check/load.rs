//! Whether loads are whole: how much, and until when.

use std::collections::BTreeMap;

use super::{codes, seating};
use crate::{
    base::split::MAX_PLACES,
    plan::ast::{Change, Level, Load, MAX_STEPS, Plan, Staircase, amount},
    source::{Diagnostic, Diagnostics, Severity, Span, Spanned},
};

/// Looks at the load of the plan and of each class; what is wrong says nothing any more.
pub(super) fn check(plan: &mut Plan, found: &mut Diagnostics) {
    let sharers = plan.users.iter().filter(|class| class.load.is_none());
    let sharers = u32::try_from(sharers.count()).unwrap_or(u32::MAX);
    for class in &mut plan.users {
        let owner = format!("the `load` of class `{}`", *class.name);
        let place = class.name.span;
        if let Some(load) = &mut class.load {
            whole(load, &owner, place, 1, found);
        }
    }
    let own = plan.users.iter().filter_map(|class| class.load.as_ref());
    let own: u64 = own
        .filter_map(|load| Some(u64::from(*load.most_users()?)))
        .sum();
    let shared = plan.load.most_users().map_or(0, |users| u64::from(*users));
    let all = own + shared;
    if own > 0 && all > u64::from(MAX_PLACES) {
        found.push(
            Diagnostic::error(
                codes::USERS_OUT_OF_RANGE,
                format!("{all} users are more than one run can have"),
            )
            .at(
                plan.top,
                format!("all loads together; at most {MAX_PLACES}"),
            ),
        );
        plan.users
            .iter_mut()
            .filter_map(|class| class.load.as_mut())
            .for_each(forget);
    }
    if seating::has_sharers(plan) || plan.users.is_empty() {
        whole(&mut plan.load, "`load`", plan.top, sharers, found);
    } else if let Some(place) = plan.load.span
        && !plan.load.is_silent()
    {
        found.push(
            Diagnostic::error(codes::LEVELS, "no class takes part in the plan's `load`")
                .at(place, "every class has a load of its own")
                .help("leave it out, but for `graceful_stop`"),
        );
    }
}

/// Checks one load, in which so many classes take part.
fn whole(load: &mut Load, owner: &str, top: Span, sharers: u32, found: &mut Diagnostics) {
    // The reader puts 0 where it could not read how much, and has told why.
    if load.users.as_ref().is_some_and(|users| **users == 0)
        && load.duration.is_none()
        && found.has_errors()
    {
        return forget(load);
    }
    let before = found.count(Severity::Error);
    levels(load, found);
    if found.count(Severity::Error) > before {
        forget(load);
        return;
    }
    incomplete(load, owner, top, found);
    of_its_model(load, owner, found);
    if let (Some(ramp), None) = (&load.ramp_down, &load.duration)
        && (load.iterations.is_some() || load.per_user.is_some())
    {
        found.push(
            Diagnostic::error(
                codes::RAMP_WITHOUT_END,
                "nothing says when `ramp_down` begins",
            )
            .at(ramp.span, "it follows `duration`")
            .help("add a `duration`, or leave `ramp_down` out: users leave when they are done"),
        );
    }
    out_of_range(load, sharers, found);
}

fn forget(load: &mut Load) {
    *load = Load {
        span: load.span,
        graceful_stop: load.graceful_stop.clone(),
        ..Load::default()
    };
}

/// What every load needs.
fn incomplete(load: &Load, owner: &str, top: Span, found: &mut Diagnostics) {
    let has_levels = !load.levels().is_empty();
    let limits = load.iterations.as_ref().or(load.per_user.as_ref());
    let staged = load.stages.is_some() || load.steps.is_some();
    let ends = staged || load.duration.is_some() || limits.is_some();
    let open = load.is_open();
    let missing = match (has_levels, ends) {
        (true, true) if open && load.max_users.is_none() => {
            Some(("`max_users`", "`max_users: 500`: so many are there at most"))
        }
        (true, true) => None,
        (false, false) => Some(("`users` and `duration`", "`users: 10` and `duration: 5m`")),
        (false, true) => Some(("`users`", "`users: 10`")),
        (true, false) => Some(("`duration`", "`duration: 5m`")),
    };
    let Some((missing, example)) = missing else {
        return;
    };
    let diagnostic = Diagnostic::error(codes::LOAD_INCOMPLETE, format!("{owner} needs {missing}"));
    found.push(match load.span {
        Some(span) => diagnostic
            .at(span, format!("says nothing of {missing}"))
            .help(format!("add {example}")),
        None => diagnostic
            .at(top, "this plan has no `load`")
            .help(format!("add `load` with {example}")),
    });
}

/// Keys that mean something in the other model only.
fn of_its_model(load: &Load, owner: &str, found: &mut Diagnostics) {
    // With `users` they exclude each other, which is told by the reader.
    if load.is_open() || load.levels().is_empty() || load.users.is_some() {
        return;
    }
    let places = [
        ("max_users", load.max_users.as_ref().map(|key| key.span)),
        ("spread", load.spread.as_ref().map(|key| key.span)),
    ];
    for (key, place) in places {
        if let Some(place) = place {
            found.push(
                Diagnostic::error(codes::LEVELS, format!("`{key}` is about arrivals"))
                    .at(place, format!("{owner} counts users"))
                    .help("leave it out, or write levels such as `50/s`"),
            );
        }
    }
}

/// Whether the levels go together, and lead anywhere.
fn levels(load: &Load, found: &mut Diagnostics) {
    let levels = load.levels();
    let is_rate = |level: &Spanned<Level>| matches!(level.value, Level::Rate(_));
    if let Some(first) = levels.first()
        && let Some(other) = levels.iter().find(|other| is_rate(other) != is_rate(first))
    {
        // Keys that exclude each other are told of by the reader.
        if load.users.is_some() || load.arrivals.is_some() {
            return;
        }
        let what = |level| match is_rate(level) {
            true => "arrivals",
            false => "users",
        };
        found.push(
            Diagnostic::error(codes::LEVELS, "users and arrivals in one load")
                .at(first.span, what(first))
                .at(other.span, what(other))
                .help("give a class of its own a `load` of the other kind"),
        );
        return;
    }
    if let Some(steps) = &load.steps {
        staircase(steps, found);
    }
    if let Some(stages) = load.stages.as_ref().filter(|stages| !stages.is_empty()) {
        let all_zero = levels.iter().all(|level| amount(level.value) == 0);
        let no_time = stages.iter().all(|stage| stage.change.time().is_zero());
        if all_zero || no_time {
            let why = match all_zero {
                true => "no stage goes to any level above 0",
                false => "no stage takes any time",
            };
            found.push(
                Diagnostic::error(codes::LEVELS, "nobody ever comes")
                    .at(stages.span, why)
                    .help("begin with a stage such as `{ to: 100 users, over: 5m }`"),
            );
        }
        names(load, found);
        steady(load, found);
    }
    if let Some(rate) = load
        .arrivals
        .as_ref()
        .filter(|rate| amount(Level::Rate(***rate)) == 0)
    {
        found.push(
            Diagnostic::error(codes::LEVELS, "nobody ever comes").at(rate.span, "no arrivals"),
        );
    }
}

fn staircase(steps: &Spanned<Staircase>, found: &mut Diagnostics) {
    let Staircase { from, by, to, .. } = &steps.value;
    let first = from.as_ref().unwrap_or(by);
    let wrong = if amount(by.value) == 0 {
        Some((by.span, "a step of nothing leads nowhere".to_owned()))
    } else if amount(first.value) > amount(to.value) {
        Some((to.span, "the last level is below the first".to_owned()))
    } else if steps.steps() > MAX_STEPS {
        let number = steps.steps();
        Some((by.span, format!("{number} steps, of at most {MAX_STEPS}")))
    } else {
        None
    };
    if let Some((place, why)) = wrong {
        let message = "these `steps` are no staircase";
        found.push(Diagnostic::error(codes::LEVELS, message).at(place, why));
    }
}

fn names(load: &Load, found: &mut Diagnostics) {
    let stages = load.stages.iter().flat_map(|stages| stages.iter());
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for name in stages.filter_map(|stage| stage.name.as_ref()) {
        match seen.get(name.as_str()) {
            None => {
                seen.insert(name, name.span);
            }
            Some(first) => found.push(
                Diagnostic::error(codes::LEVELS, format!("two stages are called `{}`", **name))
                    .at(*first, "the first")
                    .at(name.span, "the second")
                    .help("thresholds and reports tell stages apart by name: give each its own"),
            ),
        }
    }
}

fn steady(load: &Load, found: &mut Diagnostics) {
    let stages = load.stages.iter().flat_map(|stages| stages.iter());
    let marks: Vec<Span> = stages
        .filter(|stage| matches!(stage.change, Change::Hold(_)))
        .filter_map(|stage| stage.steady.as_ref())
        .filter(|steady| steady.value)
        .map(|steady| steady.span)
        .collect();
    if let [first, second, ..] = marks.as_slice() {
        found.push(
            Diagnostic::error(codes::LEVELS, "two holds are `steady`")
                .at(*first, "the first")
                .at(*second, "the second")
                .help("mark the one that `--duration` is about"),
        );
    }
}

fn out_of_range(load: &mut Load, sharers: u32, found: &mut Diagnostics) {
    let Some(users) = load.most_users() else {
        return;
    };
    let most = match load.is_open() {
        // Each class has room for all of them.
        true => MAX_PLACES / sharers.max(1),
        false => MAX_PLACES,
    };
    if (1..=most).contains(&*users) {
        return;
    }
    // The reader puts 0 where it could not read the number, and has told why.
    if *users > 0 || !found.has_errors() {
        let message = if *users == 0 {
            "a run needs at least one user".to_owned()
        } else {
            format!("{} users are more than one run can have", *users)
        };
        found.push(
            Diagnostic::error(codes::USERS_OUT_OF_RANGE, message)
                .at(users.span, format!("must be from 1 to {most}")),
        );
    }
    forget(load);
}
