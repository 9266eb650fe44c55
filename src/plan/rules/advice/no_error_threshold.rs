//! Thresholds that a run could pass in which everything failed.

use crate::{
    base::threshold::Metric,
    plan::{ast::Plan, rules::Rule},
    source::{Diagnostic, Diagnostics, Severity},
};

pub(super) const RULE: Rule = Rule {
    code: "P0408",
    severity: Severity::Warning,
    summary: "thresholds that say nothing of errors",
    explanation: "\
A plan without thresholds is judged by `errors < 1%`; its own thresholds replace
that one. If none of them is about errors, a target that refuses everything
passes: it is fast, and nobody asks for more.

Add a threshold on errors, such as `errors < 0.1%`. If failures are what the run
is for, say how many: `errors < 100%` is one too.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: / }] }
load: { users: 5, duration: 1m }
thresholds: [p95 < 300ms]
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: / }] }
load: { users: 5, duration: 1m }
thresholds: [p95 < 300ms, errors < 0.1%]
",
};

/// Whether something is asked of failures, where something is asked at all.
pub(in crate::plan) fn check(plan: &Plan, found: &mut Diagnostics) {
    let asks = |metric: &Metric| matches!(metric, Metric::Errors);
    let Some(first) = plan.thresholds.first() else {
        return;
    };
    if plan.thresholds.iter().any(|each| asks(&each.metric)) {
        return;
    }
    found.push(
        Diagnostic::warning(
            super::NO_ERROR_THRESHOLD,
            "no threshold says anything of errors",
        )
        .at(first.span, "a run in which everything fails may pass")
        .help("add `errors < 0.1%`"),
    );
}
