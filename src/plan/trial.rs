//! A plan in which everything is done once, to try it out.
//!
//! One user of each class; what is drawn by weight, or once for life, is done in
//! turn; sets go round once. It is a plan like any other: what runs it knows
//! nothing of trials. It is not one that a check would find whole: what a task
//! needs may come from one that the trial leaves out.

use std::collections::BTreeSet;

use super::ast::{
    Body, Call, Class, Load, OnStartFail, Plan, Repeat, Rounds, Share, Step, StepKind, TaskKind,
    Turns, Weighted,
};
use crate::source::{Spanned, nearest};

/// What of a plan is to be tried.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// Only users of this class.
    pub class: Option<String>,
    /// Between start and end only this task.
    pub task: Option<String>,
    /// How often each user goes round; 0 is as 1.
    pub iterations: u32,
}

/// Why something cannot be tried.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTried {
    #[error("the plan has no {what} `{name}`{}", proposal(.near.as_deref(), .known))]
    Unknown {
        what: &'static str,
        name: String,
        near: Option<String>,
        /// What there is.
        known: Vec<String>,
    },
    #[error("the task `{task}` needs {params} from whoever runs it: try one that runs it")]
    NeedsArguments { task: String, params: String },
}

/// Makes a trial of a plan.
///
/// # Errors
///
/// [`NotTried`] if the plan has no such class or task, or nobody can run the task
/// as it is.
pub fn trial(mut plan: Plan, trial: &Trial) -> Result<Plan, NotTried> {
    if let Some(name) = &trial.class {
        find(
            "class",
            name,
            plan.users.iter().map(|class| &*class.name.value),
        )?;
        plan.users.retain(|class| class.name.value == *name);
    }
    if let Some(name) = &trial.task {
        only_task(&mut plan, name)?;
    }
    for class in &mut plan.users {
        class.share = Share::Count(Spanned::new(1, class.share.number().span));
        class.on_start_fail = OnStartFail::StopUser;
        class.load = None;
    }
    for (_, body) in plan.bodies_mut() {
        in_turn(body);
    }
    plan.each_list(&mut |steps| steps.iter_mut().for_each(once));
    for task in &mut plan.tasks {
        if let TaskKind::Set(set) = &mut task.kind {
            set.rounds = Some(Spanned::new(Rounds::Count(1), task.name.span));
            set.until = None;
        }
    }
    let users = u32::try_from(plan.users.len()).unwrap_or(u32::MAX);
    plan.load = Load {
        users: Some(Spanned::new(users, plan.top)),
        per_user: Some(Spanned::new(trial.iterations.max(1), plan.top)),
        graceful_stop: plan.load.graceful_stop,
        ..Load::default()
    };
    plan.thresholds.clear();
    Ok(plan)
}

/// Leaves one class, which does nothing but this task.
fn only_task(plan: &mut Plan, name: &str) -> Result<(), NotTried> {
    find(
        "task",
        name,
        plan.tasks.iter().map(|task| &*task.name.value),
    )?;
    let mut tasks = plan.tasks.iter();
    let task = tasks.find(|task| task.name.value == name);
    let task = task.expect("it was just found");
    let needed: Vec<String> = task
        .params
        .iter()
        .filter(|param| param.default.is_none())
        .map(|param| format!("`{}`", param.name.value))
        .collect();
    if !needed.is_empty() {
        return Err(NotTried::NeedsArguments {
            task: name.to_owned(),
            params: needed.join(" and "),
        });
    }
    let place = task.name.clone();
    let owner = plan
        .users
        .iter()
        .position(|class| reaches(plan, class, name));
    let owner = owner.unwrap_or(0);
    let mut at = 0..;
    plan.users.retain(|_| at.next() == Some(owner));
    for class in &mut plan.users {
        class.body = Body::Sequence(vec![run(&place)]);
    }
    Ok(())
}

fn find<'n>(
    what: &'static str,
    name: &str,
    mut known: impl Iterator<Item = &'n str> + Clone,
) -> Result<(), NotTried> {
    let names = known.clone();
    if known.any(|known| known == name) {
        return Ok(());
    }
    Err(NotTried::Unknown {
        what,
        name: name.to_owned(),
        near: nearest(name, names.clone()).map(str::to_owned),
        known: names.map(str::to_owned).collect(),
    })
}

fn proposal(near: Option<&str>, known: &[String]) -> String {
    /// As many as are read at a glance.
    const MAX_SHOWN: usize = 10;
    match (near, known) {
        (Some(near), _) => format!("; did you mean `{near}`?"),
        (None, []) => String::new(),
        (None, known) => {
            let shown = known.iter().take(MAX_SHOWN);
            let shown: Vec<_> = shown.map(|name| format!("`{name}`")).collect();
            let more = match known.len().saturating_sub(MAX_SHOWN) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("; it has {}{more}", shown.join(", "))
        }
    }
}

/// Whether users of a class run a task, directly or through others.
fn reaches(plan: &Plan, class: &Class, name: &str) -> bool {
    let mut open: Vec<&str> = class.tasks().map(|task| &*task.value).collect();
    let mut met = BTreeSet::new();
    while let Some(task) = open.pop() {
        if task == name {
            return true;
        }
        if met.insert(task) {
            let tasks = plan.tasks.iter().filter(|known| known.name.value == task);
            open.extend(tasks.flat_map(|task| task.tasks().map(|task| &*task.value)));
        }
    }
    false
}

/// One after the other, in the order in which the plan has them; what is never
/// drawn is left out.
fn in_turn(body: &mut Body) {
    let steps = match body {
        Body::Sequence(_) => return,
        Body::Tasks(drawn) | Body::ChooseOnce(drawn) => all_of(drawn),
    };
    *body = Body::Sequence(steps);
}

/// What a step draws is done in turn, and what it counts is done once.
fn once(step: &mut Step) {
    let once = |place| Turns::Count(Spanned::new(1, place));
    match &mut step.kind {
        StepKind::Choose(drawn) => {
            step.kind = StepKind::Repeat(Box::new(Repeat {
                turns: once(step.span),
                steps: all_of(drawn),
            }));
        }
        StepKind::Repeat(repeat) => {
            if let Turns::Count(count) = &repeat.turns
                && **count > 1
            {
                repeat.turns = once(count.span);
            }
        }
        // There is nobody else to meet.
        StepKind::Meet(meet) => meet.users.value = 1,
        StepKind::Request(_)
        | StepKind::Task(_)
        | StepKind::Wait(_)
        | StepKind::Set(_)
        | StepKind::Unset(_)
        | StepKind::Record(_)
        | StepKind::Log(_)
        | StepKind::If(_)
        | StepKind::For(_)
        | StepKind::Group(_)
        | StepKind::Parallel(_)
        | StepKind::Stop(_) => {}
    }
}

/// Runs all that can be drawn.
fn all_of(drawn: &[Weighted]) -> Vec<Step> {
    let drawn = drawn.iter().filter(|weighted| weighted.weight.value > 0);
    drawn.map(|weighted| run(&weighted.task)).collect()
}

/// A step that runs a task.
fn run(task: &Spanned<String>) -> Step {
    Step {
        span: task.span,
        when: None,
        kind: StepKind::Task(Call {
            name: task.clone(),
            with: Vec::new(),
        }),
    }
}
