//! The report for systems that run tests: each threshold is a test case.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::text::one_line;
use crate::stats::{Outcome, RunRecord, ThresholdResult, Verdict};

/// The record as JUnit's XML.
///
/// A threshold that holds is a case that passes, one that does not is a failure, and one
/// without data an error: it was asked, and there is no answer. Where a verdict is spoiled
/// for another reason, a case of the name `run` is an error and says why.
pub fn junit(record: &RunRecord) -> String {
    let name = one_line(&record.meta.plan);
    let mut suite = TestSuite::new(name.clone());
    suite.set_time(record.elapsed);
    let meta = &record.meta;
    for (key, value) in [
        ("run_id", meta.run_id.clone()),
        ("seed", meta.seed.to_string()),
        ("target", meta.target.clone()),
        ("plan_version", meta.version.clone()),
        ("fingerprint", meta.fingerprint.clone()),
    ] {
        suite.add_property((key, one_line(&value).as_str()));
    }
    for result in &record.thresholds {
        suite.add_test_case(case(&name, result));
    }
    let conclusion = record.conclusion();
    let is_told = record.thresholds.iter().any(|result| match result.outcome {
        Outcome::Fail | Outcome::NoData => true,
        Outcome::Pass => false,
    });
    let is_spoiled = match record.verdict {
        Verdict::Inconclusive => !is_told,
        Verdict::Passed | Verdict::Failed => false,
    };
    if is_spoiled || record.unsaved.is_some() {
        let mut case = TestCase::new("run", TestCaseStatus::success());
        case.set_classname(name.clone());
        case.status = wrong(NonSuccessKind::Error, "inconclusive", &conclusion.reason);
        suite.add_test_case(case);
    }
    suite.set_system_out(one_line(&conclusion.to_string()));
    let mut report = Report::new("plan");
    report.add_test_suite(suite);
    let mut text = report
        .to_string()
        .expect("a text takes all, and is Unicode");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn case(class: &str, result: &ThresholdResult) -> TestCase {
    let finding = one_line(&result.finding());
    let status = match result.outcome {
        Outcome::Pass => TestCaseStatus::success(),
        Outcome::Fail => wrong(NonSuccessKind::Failure, "threshold", &finding),
        Outcome::NoData => wrong(NonSuccessKind::Error, "no data", &finding),
    };
    let mut case = TestCase::new(one_line(&result.threshold.to_string()), status);
    case.set_classname(class);
    case.set_system_out(finding);
    case
}

fn wrong(kind: NonSuccessKind, what: &str, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(what).set_message(one_line(message));
    status
}
