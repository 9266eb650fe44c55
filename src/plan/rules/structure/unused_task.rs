//! No class ever runs a task.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    plan::{
        ast::{Class, Plan, Task},
        rules::Rule,
    },
    source::{Diagnostic, Diagnostics, Severity},
};

pub(super) const RULE: Rule = Rule {
    code: "P0110",
    severity: Severity::Warning,
    summary: "a task that nobody runs",
    explanation: "\
No class runs this task, neither directly nor through another task. What it would
have tested is not tested, and the report cannot show what was never asked.

Let a class run it, or take it out. Tasks of included files are not reported: such
a file is there for several plans, and none needs all of them.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [index] }
tasks:
  index: [{ get: / }]
  search: [{ get: /search }]
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [index, search] }
tasks:
  index: [{ get: / }]
  search: [{ get: /search }]
load: { users: 5, duration: 1m }
",
};

/// Looks for tasks that nobody runs.
///
/// What was `meant` where another name was written counts as used: who mends the
/// slip will have used it.
pub(in crate::plan) fn check(plan: &Plan, meant: &BTreeSet<String>, found: &mut Diagnostics) {
    let tasks: BTreeMap<&str, &Task> = plan
        .tasks
        .iter()
        .map(|task| (task.name.as_str(), task))
        .collect();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = plan
        .users
        .iter()
        .flat_map(Class::tasks)
        .chain(plan.tasks_of_scenes())
        .map(|name| name.as_str())
        .chain(meant.iter().map(String::as_str))
        .collect();
    while let Some(name) = open.pop() {
        if used.insert(name) {
            let run = tasks.get(name).into_iter().flat_map(|task| task.tasks());
            open.extend(run.map(|name| name.as_str()));
        }
    }
    for task in &plan.tasks {
        // A file of tasks is there for several plans; none needs all of them.
        let shared = task.name.span.file != plan.top.file;
        if !shared && !used.contains(task.name.as_str()) {
            found.push(
                Diagnostic::warning(
                    super::UNUSED_TASK,
                    format!("task `{}` is never used", *task.name),
                )
                .at(task.name.span, "no class runs it"),
            );
        }
    }
}
