//! A long run that nothing is expected of.

use std::time::Duration;

use crate::{
    base::duration,
    plan::{ast::Plan, rules::Rule},
    source::{Diagnostic, Diagnostics, Severity},
};

pub(super) const RULE: Rule = Rule {
    code: "P0401",
    severity: Severity::Warning,
    summary: "a long run without thresholds",
    explanation: "\
A run of an hour or more is there to find out whether something holds, and this plan
does not say what. Without thresholds only `errors < 1%` is asked: of three days at
ten requests a second that lets 25,000 failures pass, and answers that take longer
from day to day pass too.

Say under `thresholds` what must hold at the end: a share of errors, and how long
the slowest answers may take.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: / }] }
load: { users: 5, duration: 72h }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: / }] }
load: { users: 5, duration: 72h }
thresholds:
  - errors < 0.1%
  - p95 < 300ms
",
};

/// From here on a run is there to find something out.
const LONG: Duration = Duration::from_secs(60 * 60);

/// Whether a plan that runs long says what it is for.
pub(in crate::plan) fn check(plan: &Plan, found: &mut Diagnostics) {
    let Some(duration) = &plan.load.duration else {
        return;
    };
    if duration.value >= LONG && plan.thresholds.is_empty() {
        found.push(
            Diagnostic::warning(
                super::NO_THRESHOLDS,
                format!(
                    "a run of {} without thresholds",
                    duration::text(duration.value)
                ),
            )
            .at(duration.span, "nothing but `errors < 1%` is asked")
            .help("add `thresholds`, such as `errors < 0.1%` and `p95 < 300ms`"),
        );
    }
}
