//! Meetings of one name that are not the same.

use std::collections::BTreeMap;

use crate::{
    plan::{
        ast::{Meet, Plan, StepKind},
        rules::Rule,
    },
    source::{Diagnostic, Diagnostics, Severity},
};

pub(super) const RULE: Rule = Rule {
    code: "P0118",
    severity: Severity::Error,
    summary: "meetings of one name that differ",
    explanation: "\
Whoever comes to a `meet` waits for all who come to one of the same name, wherever
it stands in the plan. So how many are to meet, and how long they wait, is one
thing.

Give both the same `users` and `timeout`, or put the step into a task that both run;
or give one of them another name, if they are two meetings.
",
    example: "\
plan: 1
users:
  buyer: { wait: 1s, sequence: [{ meet: { name: sale, users: 5, timeout: 1m } }, { get: /buy }] }
  looker: { wait: 1s, sequence: [{ meet: { name: sale, users: 3, timeout: 1m } }, { get: / }] }
load: { users: 10, duration: 1m }
",
    mended: "\
plan: 1
users:
  buyer: { wait: 1s, sequence: [{ meet: { name: sale, users: 5, timeout: 1m } }, { get: /buy }] }
  looker: { wait: 1s, sequence: [{ meet: { name: sale, users: 5, timeout: 1m } }, { get: / }] }
load: { users: 10, duration: 1m }
",
};

/// Looks for meetings that are called as another one is.
pub(in crate::plan) fn check(plan: &Plan, found: &mut Diagnostics) {
    let mut known: BTreeMap<&str, &Meet> = BTreeMap::new();
    for step in plan.steps() {
        let StepKind::Meet(meet) = &step.kind else {
            continue;
        };
        let first = *known.entry(&meet.name.value).or_insert(meet);
        let (place, first, what) = if first.users.value != meet.users.value {
            (meet.users.span, first.users.span, "users")
        } else if first.timeout.value != meet.timeout.value {
            (meet.timeout.span, first.timeout.span, "timeout")
        } else {
            continue;
        };
        found.push_once(
            Diagnostic::error(
                super::MEETINGS_DIFFER,
                format!(
                    "`{}` is one meeting, with two values of `{what}`",
                    *meet.name
                ),
            )
            .at(place, "one")
            .at(first, "the other")
            .help("make them the same, or give one of the meetings another name"),
        );
    }
}
