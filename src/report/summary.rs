//! The report as JSON, for programs.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    capacity, generator, json::extent, phases, scenes, schedule, text::calendar, together,
};
use crate::{
    base::threshold::{Basis, Limit, Of},
    stats::{
        ClassTotals, Ended, FailureTotals, Latencies, Outcome, RowTotals, RunRecord,
        ThresholdResult, Verdict, WorstWindow,
    },
};

/// The version of the format that [`summary`] writes.
pub const SUMMARY_FORMAT: u32 = 1;

/// The record as JSON, for programs.
///
/// One object. Keys are only ever added; when one changes its meaning,
/// [`SUMMARY_FORMAT`] goes up. Times are whole microseconds since the start of
/// the run or of the request, and say so (`_us`); shares are of 1. `null` means
/// that there was nothing to measure, never zero.
///
/// | key | what |
/// |---|---|
/// | `format` | [`SUMMARY_FORMAT`] |
/// | `plan`, `fingerprint`, `target`, `run_id`, `seed`, `version` | what was run; `seed` is a 64-bit number |
/// | `options` | options that changed what of the plan was run, as typed: `--only smoke` |
/// | `insecure` | classes whose users did not verify the certificates of servers |
/// | `started` | calendar time in UTC, RFC 3339 |
/// | `elapsed_us`, `ended` | until the last user ended; `finished`, `sigint`, `sigterm`, `sighup`, `stopped_by_plan` or `aborted_by_threshold` |
/// | `workers`, `wait_scale` | threads; what every wait was multiplied with |
/// | `schedule` | the load after overrides: `users`, `iterations`, `per_user`, `ramp_up_us`, `duration_us`, `ramp_down_us`, `graceful_stop_us` of the first load, and all `loads`: `class` (null for that of all classes without their own), `model` (`closed`, `open`), `max_users`, `spread`, `stages` with `name`, `from_us`, `to_us` (null without an end), and `begin` and `end` in users or arrivals per second |
/// | `capacity` | null, or what a search has found; the other numbers are those of its last try at the highest level that held. See below |
/// | `users` | by class: `class`, `planned`, `started`, `failed_starts`, `iterations`, `due` (arrivals), `dropped` |
/// | `setup`, `teardown` | null if the plan has none: `end` (`complete`, `failed`, `cut_off`), `elapsed_us`, `rows`, `groups` and `failures` as below; in no other number |
/// | `total`, `rows` | all requests; by name, sorted. See below |
/// | `names_left_out` | names beyond the bound, counted in the row `(other)`; up to 10,000 are told apart |
/// | `names_left_out_by` | the steps that made those names: `step` with its place, and how many `requests` of it are in `(other)`; most first |
/// | `skipped` | by `step`: its `count`; only those that were |
/// | `data` | by `name`: how many `rows` it has, and how many were `drawn`, the same ones again too |
/// | `groups` | what is timed together, in no other number: `name`, `count`, `ok`, `failed`, `with_waits` and `without_waits` as the times of a row, of those who came to its end |
/// | `iterations` | the same by class; times are of those in which nothing failed |
/// | `meetings` | users who waited for each other: `name`, `met`, `timed_out`, `left` |
/// | `log_lines`, `log_lines_left_out` | lines of the plan's log, and those of them that were shown nowhere |
/// | `failures` | by `name` and `kind`, most first: `count`, `first_us`, `last_us`, `examples`. See below |
/// | `examples_left_out` | examples that a run with fewer kinds of failure would have had |
/// | `generator` | how the machine fared that made the load. See below |
/// | `thresholds` | each with what it says and what came of it. See below |
/// | `thresholds_are_default` | whether the plan had none |
/// | `verdict` | `passed`, `failed` or `inconclusive` |
/// | `extent` | how much of the run the numbers are of: `kind` (`whole`, `so_far`, `until_killed`, or `part` with `from_us` and `to_us`) |
/// | `missing` | what should be known of the run and is not, in words |
/// | `conclusion` | `exit`, the status of the process; `reason`, in words |
///
/// A row has `name requests ok failed errors interrupted redirects resent
/// connections received_bytes rate_per_s`, and `response` and `service`: each with `count
/// min_us mean_us p50_us p90_us p95_us p99_us p999_us max_us` over the exchanges
/// that got their whole answer. `connections` were opened for its requests and accepted
/// by the other side. `phases` has `dns`, `connect`, `tls`, `waiting` and `receiving`:
/// each with `count mean_us p50_us p95_us p99_us max_us` over the exchanges in which it
/// came to its end ([`PhaseKind`](crate::exchange::PhaseKind)); percentiles are to two digits, mean and max exact.
///
/// Of the `generator`, `null` is what the system does not tell:
///
/// | key | what |
/// |---|---|
/// | `bottleneck` | null, or why the numbers may be the generator's: `kind` (`saturated` with `computing_us`, `late_us` and `of_us`; `unconnected` with `connections`), `reason` in words |
/// | `tolerated` | whether it was to be judged nevertheless |
/// | `cpu` | `used_us` by all threads, `cores` that it may use, its `share` of them, `busiest_worker`: the share of a core in the busiest second of a worker |
/// | `memory` | `peak_bytes`, and `limit_bytes` that it could have had then; `before_bytes` of it were in use before the first user came, and `per_user_bytes` came with each, of 1,000 users and more |
/// | `files`, `ports` | `peak` in use, and the `limit` |
/// | `timer_delay` | how much later than asked timers went off, as the times of a row, beyond the millisecond that they are rounded up to |
/// | `worst_second` | the second of a worker in which they were latest: `at_us`, when it ended, and `delay_p99_us` |
/// | `start_lag` | how much later than due users started, as the times of a row |
/// | `warnings` | in the order in which they began: `shortage` (`memory`, `files`, `ports`, `cores`, `worker`, `timers`), `from_us`, `to_us`, `worst`, a share |
/// | `warnings_left_out` | those beyond a hundred |
///
/// Of the `capacity`; levels are users, or arrivals per second:
///
/// | key | what |
/// |---|---|
/// | `max`, `from`, `to`, `precision`, `while` | what was looked for: `users` or `arrivals`, between which levels, how closely (a share), and what the target had to keep to |
/// | `held`, `broken` | the highest level that held, and the lowest that did not; null if there is none |
/// | `outcome` | `found`, `out_of_tries`, `spoiled` or `stopped` |
/// | `elapsed_us` | with the times between the tries |
/// | `tries` | in their order: `level`, `outcome` (`held`, `broken`, `spoiled`), `why` not, and of the time in which it was held `rate_per_s`, `p50_us`, `p95_us`, `errors`; `elapsed_us` of the whole try |
///
/// Of each of the `thresholds`:
///
/// | key | what |
/// |---|---|
/// | `threshold` | as text |
/// | `metric` | `errors`, `p95` … |
/// | `times` | `response` or `service`; null where the metric is none of times |
/// | `of_what`, `of` | `all`, `name`, `group` or `class`; which one, or null |
/// | `stage`, `over_us`, `abort` | the stage alone that counts, or null; the length of its windows, or null; whether it ends the run |
/// | `measured`, `unit` | null without data; `share`, `per_s`, `us`, `count`, `bytes` or `bytes_per_s` |
/// | `outcome` | `pass`, `fail` or `no_data` |
/// | `window` | of the worst window: `to_us`, when it ended; or `whole`, true where all there was is shorter than a window; null without `over` |
/// | `aborted_at_us` | when it ended the run, or null |
///
/// An example is one failure as it happened, secrets masked (`***`), control characters
/// replaced, long texts cut (`…`):
///
/// | key | what |
/// |---|---|
/// | `at_us`, `detail` | when, and what was wrong |
/// | `request` | method and URL, or what was not sent |
/// | `curl` | a command for a shell that sends it again; null if nothing was sent |
/// | `curl_headers_left_out` | headers that the command lacks, because there were too many |
/// | `response` | null if no head came: `status`, `headers` (pairs of name and value, in their order), `headers_left_out`, `body_beginning` (the first 512 bytes) |
pub fn summary(record: &RunRecord) -> Value {
    let meta = &record.meta;
    let conclusion = record.conclusion();
    json!({
        "format": SUMMARY_FORMAT,
        "plan": meta.plan,
        "fingerprint": meta.fingerprint,
        "options": meta.options,
        "target": meta.target,
        "insecure": all(&meta.insecure, |class| json!(**class)),
        "run_id": meta.run_id,
        "seed": meta.seed,
        "version": meta.version,
        "started": calendar(meta.started_unix, 3),
        "elapsed_us": us(record.elapsed),
        "ended": match record.ended {
            Ended::Finished => "finished",
            Ended::Interrupted => "sigint",
            Ended::Terminated => "sigterm",
            Ended::HungUp => "sighup",
            Ended::StoppedByPlan => "stopped_by_plan",
            Ended::AbortedByThreshold => "aborted_by_threshold",
        },
        "workers": meta.workers,
        "wait_scale": meta.wait_scale,
        "schedule": schedule::document(&meta.schedule),
        "capacity": capacity::document(record.capacity.as_deref()),
        "setup": scenes::document(record.setup.as_ref(), record),
        "teardown": scenes::document(record.teardown.as_ref(), record),
        "users": all(&record.classes, |class| users(class, record)),
        "total": row(&record.total, record.elapsed),
        "rows": all(&record.rows, |totals| row(totals, record.elapsed)),
        "names_left_out": record.names_left_out,
        "names_left_out_by": all(&record.left_out_by, |(step, requests)| json!({ "step": **step, "requests": requests })),
        "skipped": all(&record.skipped, |(step, count)| json!({ "step": **step, "count": count })),
        "data": all(&record.data, |data| json!({ "name": *data.name, "rows": data.rows, "drawn": data.drawn })),
        "groups": together::groups_document(&record.groups),
        "iterations": together::groups_document(&record.iterations),
        "meetings": together::meetings_document(&record.meetings),
        "log_lines": record.log_lines,
        "log_lines_left_out": record.log_lines_left_out,
        "failures": all(&record.failures, failure),
        "examples_left_out": record.examples_left_out,
        "generator": generator::document(record),
        "thresholds": all(&record.thresholds, threshold),
        "thresholds_are_default": meta.thresholds_are_default,
        "verdict": match record.verdict {
            Verdict::Passed => "passed",
            Verdict::Failed => "failed",
            Verdict::Inconclusive => "inconclusive",
        },
        "extent": extent(record.extent),
        "missing": record.missing,
        "conclusion": { "exit": conclusion.exit, "reason": conclusion.reason },
    })
}

fn users(class: &ClassTotals, record: &RunRecord) -> Value {
    let planned = &record.meta.schedule.classes;
    let planned = planned.iter().find(|(name, _)| *name == class.name);
    json!({
        "class": *class.name,
        "planned": planned.map_or(0, |(_, users)| *users),
        "started": class.started,
        "failed_starts": class.failed_starts,
        "iterations": class.iterations,
        "due": class.due,
        "dropped": class.dropped,
    })
}

pub(super) fn row(row: &RowTotals, elapsed: Duration) -> Value {
    json!({
        "name": *row.name,
        "requests": row.requests(),
        "ok": row.ok,
        "failed": row.failed,
        "errors": row.errors(),
        "interrupted": row.interrupted,
        "redirects": row.redirects,
        "resent": row.resent,
        "connections": row.connections,
        "received_bytes": row.received_bytes,
        "rate_per_s": row.rate(elapsed),
        "response": latencies(row.response()),
        "service": latencies(row.service()),
        "phases": phases::document(row),
    })
}

pub(super) fn latencies(times: &Latencies) -> Value {
    let percentile = |percent| times.percentile(percent).map(us);
    json!({
        "count": times.count(),
        "min_us": times.min().map(us),
        "mean_us": times.mean().map(us),
        "p50_us": percentile(50.0),
        "p90_us": percentile(90.0),
        "p95_us": percentile(95.0),
        "p99_us": percentile(99.0),
        "p999_us": percentile(99.9),
        "max_us": times.max().map(us),
    })
}

pub(super) fn failure(failure: &FailureTotals) -> Value {
    json!({
        "name": *failure.name,
        "kind": failure.kind.code(),
        "count": failure.count,
        "first_us": us(failure.first),
        "last_us": us(failure.last),
        "examples": all(&failure.examples, |example| json!({
            "at_us": us(example.at),
            "detail": example.detail,
            "request": example.request,
            "curl": example.curl.as_ref().map(ToString::to_string),
            "curl_headers_left_out": example.curl.as_ref().map(|curl| curl.headers_left_out),
            "response": example.answer.as_ref().map(|answer| json!({
                "status": answer.status,
                "headers": answer.headers,
                "headers_left_out": answer.headers_left_out,
                "body_beginning": answer.body_beginning,
            })),
        })),
    })
}

fn threshold(result: &ThresholdResult) -> Value {
    let threshold = &result.threshold;
    let (of_what, of) = match &threshold.of {
        Of::All => ("all", None),
        Of::Name(name) => ("name", Some(name)),
        Of::Group(name) => ("group", Some(name)),
        Of::Class(name) => ("class", Some(name)),
        Of::Iteration(name) => ("iteration", Some(name)),
    };
    json!({
        "threshold": result.threshold.to_string(),
        "metric": result.threshold.metric.to_string(),
        "times": threshold.metric.is_of_times().then_some(match threshold.basis {
            Basis::Response => "response",
            Basis::Service => "service",
        }),
        "of_what": of_what,
        "of": of,
        "stage": threshold.stage,
        "over_us": threshold.over.map(us),
        "abort": threshold.abort,
        "measured": result.measured,
        "unit": match result.threshold.limit {
            Limit::Share(_) => "share",
            Limit::Rate(_) => "per_s",
            Limit::Time(_) => "us",
            Limit::Count(_) => "count",
            Limit::Size(_) => "bytes",
            Limit::Throughput(_) => "bytes_per_s",
        },
        "outcome": match result.outcome {
            Outcome::Pass => "pass",
            Outcome::Fail => "fail",
            Outcome::NoData => "no_data",
        },
        "window": result.worst.map(|worst| match worst {
            WorstWindow::UpTo(to) => json!({ "to_us": us(to), "whole": false }),
            WorstWindow::Whole => json!({ "to_us": null, "whole": true }),
        }),
        "aborted_at_us": result.aborted_at.map(us),
    })
}

fn all<T>(items: &[T], value: impl Fn(&T) -> Value) -> Value {
    items.iter().map(value).collect()
}

/// Whole microseconds; runs are bounded to a few hundred years.
pub(super) fn us(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
