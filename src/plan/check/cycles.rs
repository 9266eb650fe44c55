//! Tasks that run themselves.

use std::collections::{BTreeMap, HashSet};

use super::codes;
use crate::{
    plan::ast::{Body, Plan, Task, Text},
    source::{Diagnostic, Diagnostics, Span},
};

/// Reports each circle once and cuts what closes it: a step, or a way of a draw.
///
/// Every task that is named exists by now.
pub(super) fn check(plan: &mut Plan, found: &mut Diagnostics) {
    let closing = closing_names(&plan.tasks, found);
    for task in &mut plan.tasks {
        let owner = task.name.value.clone();
        let closes =
            |name: &Text| closing.contains(&(owner.clone(), name.value.clone(), name.span));
        task.retain(&mut |step| !step.call().is_some_and(closes), &mut |drawn| {
            !closes(&drawn.task)
        });
        if let Some(body) = task.body_mut()
            && let Some(drawn) = body.drawn_mut()
        {
            drawn.retain(|weighted| !closes(&weighted.task));
            if drawn.is_empty() {
                *body = Body::Sequence(Vec::new());
            }
        }
    }
}

/// A task, the name of another that it runs, and where it says so.
type Closing = (String, String, Span);

/// How far the walk is with a task.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Unseen,
    /// On the way from where the walk began.
    OnPath,
    Done,
}

/// A task on the path, and which of the tasks that it runs the walk takes next.
struct Stop {
    task: usize,
    next: usize,
}

/// Walks depth first, with a path of its own: a plan may chain more tasks than
/// the program's stack has room for.
///
/// The answer is where the last task of a circle names the first.
fn closing_names(tasks: &[Task], found: &mut Diagnostics) -> HashSet<Closing> {
    let index: BTreeMap<&str, usize> = (0..)
        .zip(tasks)
        .map(|(at, task)| (task.name.as_str(), at))
        .collect();
    let runs: Vec<Vec<&Text>> = tasks.iter().map(|task| task.tasks().collect()).collect();
    let mut marks = vec![Mark::Unseen; tasks.len()];
    let mut closing = HashSet::new();
    for start in 0..tasks.len() {
        if marks[start] != Mark::Unseen {
            continue;
        }
        marks[start] = Mark::OnPath;
        let mut path = vec![Stop {
            task: start,
            next: 0,
        }];
        while let Some(here) = path.last_mut() {
            let Some(name) = runs[here.task].get(here.next) else {
                marks[here.task] = Mark::Done;
                path.pop();
                continue;
            };
            here.next += 1;
            let runner = here.task;
            let next = index[name.as_str()];
            match marks[next] {
                Mark::Done => {}
                Mark::Unseen => {
                    marks[next] = Mark::OnPath;
                    path.push(Stop {
                        task: next,
                        next: 0,
                    });
                }
                Mark::OnPath => {
                    let from = path.iter().position(|stop| stop.task == next);
                    let from = from.expect("what is marked so is on the path");
                    found.push(circle(tasks, &runs, &path[from..]));
                    let owner = tasks[runner].name.value.clone();
                    closing.insert((owner, name.value.clone(), name.span));
                }
            }
        }
    }
    closing
}

/// The most steps of a circle that are shown.
const MAX_SHOWN: usize = 8;

fn circle(tasks: &[Task], runs: &[Vec<&Text>], path: &[Stop]) -> Diagnostic {
    let first = tasks[path[0].task].name.as_str();
    let message = match path.len() {
        1 => format!("task `{first}` runs itself"),
        _ => format!("task `{first}` runs itself through other tasks"),
    };
    let mut diagnostic = Diagnostic::error(codes::RECURSION, message);
    for stop in path.iter().take(MAX_SHOWN) {
        let task = &tasks[stop.task];
        // The walk has already moved on from the name that it followed.
        let next = runs[stop.task][stop.next - 1];
        diagnostic = diagnostic.at(next.span, format!("`{}` runs `{}`", *task.name, next.value));
    }
    diagnostic.help("a task cannot come round to itself: nothing would end it")
}
