//! Whether a search for the capacity can be made, and the plan of its highest try.

use super::codes;
use crate::{
    base::{
        sought::Sought,
        threshold::{Metric, Threshold},
    },
    plan::ast::{Class, Find, Level, Load, MEASURED, Plan, amount},
    source::{Diagnostic, Diagnostics, Severity, Spanned},
};

/// Looks at a search, and makes the plan that of its highest try: what is wrong with any
/// of them is wrong with that.
pub(super) fn check(plan: &mut Plan, found: &mut Diagnostics) {
    let Some(find) = plan.load.find.clone() else {
        return;
    };
    // Of a single try all has been said.
    if plan.load.stages.is_some() {
        return;
    }
    let before = found.count(Severity::Error);
    levels(&find, found);
    if *find.max == Sought::Arrivals && plan.load.max_users.is_none() {
        found.push(
            Diagnostic::error(codes::LOAD_INCOMPLETE, "`load` needs `max_users`")
                .at(find.span, "says nothing of `max_users`")
                .help("add `max_users: 500` beside `find`: so many are there at most"),
        );
    }
    own_loads(&plan.users, &find, found);
    let conditions = conditions(&find, &plan.thresholds, found);
    if found.count(Severity::Error) > before {
        // The rest would be about something else, as where it cannot be read.
        plan.load = Load {
            users: Some(Spanned::new(0, find.span)),
            graceful_stop: plan.load.graceful_stop.clone(),
            span: plan.load.span,
            ..Load::default()
        };
        return;
    }
    plan.load.try_at(*find.to);
    plan.thresholds = conditions;
}

fn levels(find: &Spanned<Find>, found: &mut Diagnostics) {
    let Find { max, from, to, .. } = &find.value;
    let wrong = |message: &str| Diagnostic::error(codes::FIND, message.to_owned());
    for level in [from, to] {
        let sought = match level.value {
            Level::Users(_) => Sought::Users,
            Level::Rate(_) => Sought::Arrivals,
        };
        if sought != **max {
            let number = match level.value {
                Level::Users(users) => format!("{users}/s"),
                Level::Rate(rate) => format!("{} users", rate.per_second().ceil()),
            };
            let is_sought = format!("`max: {}` looks for these", max.word());
            found.push(
                wrong("this level is not of what is looked for")
                    .at(max.span, is_sought)
                    .at(level.span, format!("these are {}", sought.word()))
                    .help(format!(
                        "write a level such as `{number}`, or `max: {}`",
                        sought.word()
                    )),
            );
            return;
        }
    }
    if amount(from.value) == 0 {
        found.push(
            wrong("a search begins above 0")
                .at(from.span, "nobody comes")
                .help("begin with a level that surely holds: levels are doubled from there"),
        );
    } else if amount(from.value) >= amount(to.value) {
        found.push(
            wrong("the search leads nowhere")
                .at(from.span, "the lowest level")
                .at(to.span, "the highest level is not above it"),
        );
    }
}

fn own_loads(classes: &[Class], find: &Spanned<Find>, found: &mut Diagnostics) {
    for class in classes {
        let Some(load) = &class.load else {
            continue;
        };
        found.push(
            Diagnostic::error(
                codes::FIND,
                format!("class `{}` is not part of what is looked for", *class.name),
            )
            .at(
                load.span.unwrap_or(class.name.span),
                "it has a load of its own",
            )
            .at(find.span, "all classes share each level of a search")
            .help("leave the `load` of the class out, and give it a `weight`"),
        );
    }
}

/// What the target has to keep to while a level is held.
fn conditions(
    find: &Spanned<Find>,
    of_plan: &[Spanned<Threshold>],
    found: &mut Diagnostics,
) -> Vec<Spanned<Threshold>> {
    let mut conditions = find.conditions.clone().unwrap_or_else(|| of_plan.to_vec());
    if conditions.is_empty() && !found.has_errors() {
        found.push(
            Diagnostic::error(
                codes::FIND,
                "nothing says what the target has to keep to".to_owned(),
            )
            .at(find.span, "every level would hold")
            .help("add `while: [p95 < 300ms, errors < 1%]`"),
        );
    }
    for condition in &mut conditions {
        if let Some(stage) = &condition.stage {
            found.push(
                Diagnostic::error(
                    codes::FIND,
                    format!("a search has no stage `{stage}`"),
                )
                .at(condition.span, "it is judged while a level is held")
                .help("leave `in stage …` out; thresholds of other runs can stay where they are if `find` has its own `while`"),
            );
        }
        condition.value.stage = Some(MEASURED.to_owned());
    }
    let drops = |condition: &Spanned<Threshold>| condition.metric == Metric::Dropped;
    if *find.max == Sought::Arrivals && !conditions.iter().any(drops) {
        let threshold: Threshold = "dropped <= 0".parse().expect("it is a threshold");
        let threshold = Threshold {
            stage: Some(MEASURED.to_owned()),
            ..threshold
        };
        conditions.push(Spanned::new(threshold, find.max.span));
    }
    conditions
}
