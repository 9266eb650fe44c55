//! Shares: weights that choose something, and classes that get their users.

use super::{codes, seating};
use crate::{
    base::split::{Claim, MAX_PLACES, NoSplit, Portion, split},
    plan::ast::{Class, Load, Plan, Share, Weighted},
    source::{Diagnostic, Diagnostics, Spanned},
};

/// What each class asks for, in the plan's order.
pub(super) fn claims(plan: &Plan) -> Vec<Claim<'_>> {
    let claim = |class: &'_ Class| match (&class.load, &class.share) {
        (Some(_), _) => Portion::Weight(0),
        (None, Share::Weight(weight)) => Portion::Weight(**weight),
        (None, Share::Count(count)) => Portion::Count(**count),
    };
    plan.users
        .iter()
        .map(|class| Claim {
            name: &class.name,
            portion: claim(class),
        })
        .collect()
}

/// After how many places the classes come round again in the same order, where all of
/// them have weights; cut where that is more than anybody counts.
pub(super) fn period(claims: &[Claim<'_>]) -> u32 {
    let weights = claims.iter().map(|claim| match claim.portion {
        Portion::Weight(weight) => u64::from(weight),
        Portion::Count(_) => 0,
    });
    let divisor = weights.clone().fold(0, common_divisor).max(1);
    let places = weights.map(|weight| weight / divisor).sum::<u64>();
    u32::try_from(places).unwrap_or(MAX_PLACES).min(MAX_PLACES)
}

fn common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// Whether something can be drawn. Looks before names are resolved, so that a
/// slip in a name is not told as a slip in the others' weights.
pub(super) fn of_tasks(plan: &mut Plan, found: &mut Diagnostics) {
    for (owner, body) in plan.bodies_mut() {
        if let Some(drawn) = body.drawn_mut() {
            of_drawn(drawn, &owner, found);
        }
    }
    plan.each_choice(&mut |drawn| of_drawn(drawn, "this `choose`", found));
}

fn of_drawn(drawn: &mut [Weighted], owner: &str, found: &mut Diagnostics) {
    if drawn.iter().all(|weighted| *weighted.weight == 0) && !drawn.is_empty() {
        let mut diagnostic = Diagnostic::error(
            codes::ALL_WEIGHTS_ZERO,
            format!("all tasks of {owner} have weight 0"),
        );
        for weighted in drawn.iter_mut() {
            diagnostic = diagnostic.at(weighted.weight.span, "");
            weighted.weight.value = 1;
        }
        found.push(diagnostic.help("give one of them a weight of at least 1"));
        return;
    }
    for weighted in drawn.iter().filter(|weighted| *weighted.weight == 0) {
        found.push(
            Diagnostic::warning(
                codes::ONE_WEIGHT_ZERO,
                format!("task `{}` of {owner} has weight 0", *weighted.task),
            )
            .at(weighted.weight.span, "so it is never drawn")
            .help("leave it out, or give it a weight of at least 1"),
        );
    }
}

/// Whether every class gets its users.
pub(super) fn of_classes(plan: &mut Plan, found: &mut Diagnostics) {
    if !seating::has_sharers(plan) {
        return;
    }
    class_shares(plan, found);
    if plan.load.is_open() {
        counts_of_arrivals(plan, found);
        return;
    }
    let Some(users) = plan.load.most_users() else {
        return;
    };
    match split(&claims(plan), *users) {
        Ok(classes) => {
            let mut numbers = vec![0_u32; plan.users.len()];
            for class in classes {
                numbers[class.index()] += 1;
            }
            without_user(plan, &users, &numbers, found);
        }
        Err(why) => {
            if let Some(diagnostic) = no_split(plan, &users, why) {
                found.push(diagnostic);
            }
            plan.load = Load {
                span: plan.load.span,
                ..Load::default()
            };
        }
    }
}

/// Arrivals go by weights: how many users there are depends on the target.
fn counts_of_arrivals(plan: &mut Plan, found: &mut Diagnostics) {
    for class in plan.users.iter_mut().filter(|class| class.load.is_none()) {
        let Share::Count(count) = &class.share else {
            continue;
        };
        found.push(
            Diagnostic::error(
                codes::COUNTS_DO_NOT_FIT,
                format!(
                    "class `{}` has a number of users, but the load counts arrivals",
                    *class.name
                ),
            )
            .at(count.span, "nobody knows how many users there will be")
            .help("give it a `weight`, or a `load` of its own with `users`"),
        );
        class.share = Share::Weight(Spanned::new(1, count.span));
    }
}

fn class_shares(plan: &Plan, found: &mut Diagnostics) {
    let is_zero = |class: &&Class| **class.share.number() == 0;
    let sharing: Vec<_> = plan
        .users
        .iter()
        .filter(|class| class.load.is_none())
        .collect();
    if sharing.iter().all(is_zero) {
        let Some(first) = sharing.first() else {
            return;
        };
        let mut diagnostic = Diagnostic::error(
            codes::ALL_WEIGHTS_ZERO,
            match sharing.as_slice() {
                [_] => format!("class `{}` has a share of 0", *first.name),
                _ => "all classes have a share of 0".to_owned(),
            },
        );
        for class in &sharing {
            diagnostic = diagnostic.at(class.share.number().span, "");
        }
        found.push(diagnostic.help("give one of them a `weight` of at least 1"));
        return;
    }
    for class in sharing.into_iter().filter(is_zero) {
        let word = match class.share {
            Share::Weight(_) => "weight",
            Share::Count(_) => "count",
        };
        found.push(
            Diagnostic::warning(
                codes::ONE_WEIGHT_ZERO,
                format!("class `{}` has {word} 0", *class.name),
            )
            .at(class.share.number().span, "so no user belongs to it")
            .help(format!("leave it out, or give it a {word} of at least 1")),
        );
    }
}

fn without_user(plan: &Plan, users: &Spanned<u32>, numbers: &[u32], found: &mut Diagnostics) {
    for (class, number) in plan.users.iter().zip(numbers) {
        if *number > 0 || **class.share.number() == 0 || class.load.is_some() {
            continue;
        }
        let diagnostic = Diagnostic::warning(
            codes::CLASS_WITHOUT_USER,
            format!("class `{}` gets no user", *class.name),
        )
        .at(class.share.number().span, "too small a share")
        .at(users.span, format!("of {}", people(u64::from(**users))));
        found.push(match first_user_at(plan, &class.name) {
            Some(enough) => diagnostic.help(format!(
                "it gets its first at {}",
                people(u64::from(enough))
            )),
            None => diagnostic,
        });
    }
}

/// With how many users a class gets its first.
///
/// Only where all classes have weights: the split is then the same for any
/// number of users, as far as it goes.
fn first_user_at(plan: &Plan, name: &str) -> Option<u32> {
    let claims = claims(plan);
    let weights: Option<Vec<u32>> = claims
        .iter()
        .map(|claim| match claim.portion {
            Portion::Weight(weight) => Some(weight),
            Portion::Count(_) => None,
        })
        .collect();
    let total = weights?
        .into_iter()
        .fold(0, u32::saturating_add)
        .min(MAX_PLACES);
    let classes = split(&claims, total).ok()?;
    let first = classes
        .iter()
        .position(|class| claims[class.index()].name == name)?;
    u32::try_from(first + 1).ok()
}

/// `None` where a share of 0 has been complained about already.
fn no_split(plan: &Plan, users: &Spanned<u32>, why: NoSplit) -> Option<Diagnostic> {
    let (message, help) = match why {
        NoSplit::TooManyCounted { counted } => (
            format!(
                "the counts of the classes add up to {counted}, but there {}",
                verb(u64::from(**users)),
            ),
            format!("plan at least {}, or lower a count", people(counted)),
        ),
        NoSplit::NoClassForTheRest { left } => (
            format!(
                "{} of {} would belong to no class",
                left,
                people(u64::from(**users))
            ),
            "give one class a `weight` instead of a `count`: it takes the rest".to_owned(),
        ),
    };
    let mut diagnostic =
        Diagnostic::error(codes::COUNTS_DO_NOT_FIT, message).at(users.span, "the number of users");
    let mut counts = 0;
    for class in &plan.users {
        match &class.share {
            Share::Count(count) if **count > 0 => {
                counts += 1;
                diagnostic = diagnostic.at(
                    count.span,
                    format!("{} of class `{}`", **count, *class.name),
                );
            }
            Share::Count(_) | Share::Weight(_) => {}
        }
    }
    (counts > 0).then(|| diagnostic.help(help))
}

fn people(number: u64) -> String {
    match number {
        1 => "1 user".to_owned(),
        _ => format!("{number} users"),
    }
}

fn verb(number: u64) -> String {
    match number {
        1 => "is 1 user".to_owned(),
        _ => format!("are {number} users"),
    }
}
