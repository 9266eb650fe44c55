//! Tasks that run themselves.

use std::collections::BTreeMap;

use super::codes;
use crate::{
    plan::ast::{Plan, Step, Task},
    source::{Diagnostic, Diagnostics},
};

/// Reports each circle once and cuts the step that closes it.
///
/// Every task that is named exists by now.
pub(super) fn check(plan: &mut Plan, found: &mut Diagnostics) {
    let closing = closing_steps(&plan.tasks, found);
    for (task, step) in closing {
        plan.tasks[task].steps.remove(step);
    }
}

/// How far the walk is with a task.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Unseen,
    /// On the way from where the walk began.
    OnPath,
    Done,
}

/// A task on the path, and the step that the walk takes from it next.
struct Stop {
    task: usize,
    step: usize,
}

/// Walks depth first, with a path of its own: a plan may chain more tasks than
/// the program's stack has room for.
///
/// The answer is ordered so that each step can be removed before the next.
fn closing_steps(tasks: &[Task], found: &mut Diagnostics) -> Vec<(usize, usize)> {
    let index: BTreeMap<&str, usize> = (0..)
        .zip(tasks)
        .map(|(at, task)| (task.name.as_str(), at))
        .collect();
    let mut marks = vec![Mark::Unseen; tasks.len()];
    let mut closing = Vec::new();
    for start in 0..tasks.len() {
        if marks[start] != Mark::Unseen {
            continue;
        }
        marks[start] = Mark::OnPath;
        let mut path = vec![Stop {
            task: start,
            step: 0,
        }];
        while let Some(here) = path.last_mut() {
            let Stop { task, step } = *here;
            here.step += 1;
            let Some(next) = tasks[task].steps.get(step) else {
                marks[task] = Mark::Done;
                path.pop();
                continue;
            };
            let Some(next) = next.task().map(|name| index[name.as_str()]) else {
                continue;
            };
            match marks[next] {
                Mark::Done => {}
                Mark::Unseen => {
                    marks[next] = Mark::OnPath;
                    path.push(Stop {
                        task: next,
                        step: 0,
                    });
                }
                Mark::OnPath => {
                    let from = path.iter().position(|stop| stop.task == next);
                    let from = from.expect("what is marked so is on the path");
                    found.push(circle(tasks, &path[from..]));
                    closing.push((task, step));
                }
            }
        }
    }
    closing.sort_unstable_by(|a, b| b.cmp(a));
    closing
}

/// The most steps of a circle that are shown.
const MAX_SHOWN: usize = 8;

fn circle(tasks: &[Task], path: &[Stop]) -> Diagnostic {
    let first = tasks[path[0].task].name.as_str();
    let message = match path.len() {
        1 => format!("task `{first}` runs itself"),
        _ => format!("task `{first}` runs itself through other tasks"),
    };
    let mut diagnostic = Diagnostic::error(codes::RECURSION, message);
    for stop in path.iter().take(MAX_SHOWN) {
        let task = &tasks[stop.task];
        // The walk has already moved on from the step that it took.
        let step: &Step = &task.steps[stop.step - 1];
        let next = step.task().expect("the walk goes along tasks");
        diagnostic = diagnostic.at(next.span, format!("`{}` runs `{}`", *task.name, **next));
    }
    diagnostic.help("a task cannot come round to itself: nothing would end it")
}
