//! The four files that Locust writes with `--csv`, with its columns, so that what reads
//! those reads these.

use std::time::Duration;

use csv::Writer;

use super::{Contents, text::one_line};
use crate::{
    base::method::Method,
    stats::{Distribution, Latencies, RowTotals},
};

/// The files, by what their names end in.
pub const CSV_FILES: [&str; 4] = [
    "_stats.csv",
    "_stats_history.csv",
    "_failures.csv",
    "_exceptions.csv",
];

/// The percentiles of both tables of requests, with the titles of their columns.
const PERCENTILES: [(f64, &str); 11] = [
    (50.0, "50%"),
    (66.0, "66%"),
    (75.0, "75%"),
    (80.0, "80%"),
    (90.0, "90%"),
    (95.0, "95%"),
    (98.0, "98%"),
    (99.0, "99%"),
    (99.9, "99.9%"),
    (99.99, "99.99%"),
    (100.0, "100%"),
];

/// All requests together.
const AGGREGATED: &str = "Aggregated";

/// The contents of the four files, in the order of [`CSV_FILES`].
///
/// Times are response times in milliseconds. A name that begins with a method has it as
/// its type, as requests of Locust have; of any other the type is empty. The history has
/// a line for each part of the run as it is kept, of all requests together; its rates are
/// those of the part. There are no exceptions: what goes wrong here is a failure, and has
/// a kind.
pub fn csv(contents: &Contents<'_>) -> [String; 4] {
    [
        stats(contents),
        history(contents),
        failures(contents),
        table(&["Count", "Message", "Traceback", "Nodes"], []),
    ]
}

fn stats(contents: &Contents<'_>) -> String {
    let mut head = vec![
        "Type",
        "Name",
        "Request Count",
        "Failure Count",
        "Median Response Time",
        "Average Response Time",
        "Min Response Time",
        "Max Response Time",
        "Average Content Size",
        "Requests/s",
        "Failures/s",
    ];
    head.extend(PERCENTILES.map(|(_, title)| title));
    let record = contents.record;
    let asked = record.rows.iter().filter(|row| row.requests() > 0);
    let lines = asked.map(|row| stats_line(split(&row.name), row, record.elapsed));
    let total = stats_line(("", AGGREGATED.to_owned()), &record.total, record.elapsed);
    table(&head, lines.chain([total]))
}

fn stats_line((kind, name): (&str, String), row: &RowTotals, elapsed: Duration) -> Vec<String> {
    let seconds = elapsed.as_secs_f64();
    let per_second = |count: u64| match seconds > 0.0 {
        true => count as f64 / seconds,
        false => 0.0,
    };
    let times = row.response();
    let mut line = vec![
        kind.to_owned(),
        name,
        row.requests().to_string(),
        row.failed.to_string(),
    ];
    line.extend(times_of(times));
    line.push(size(row.received_bytes, row.requests()));
    line.push(per_second(row.requests()).to_string());
    line.push(per_second(row.failed).to_string());
    line.extend(PERCENTILES.map(|(percent, _)| whole_ms(times.percentile(percent))));
    line
}

fn history(contents: &Contents<'_>) -> String {
    let mut head = vec![
        "Timestamp",
        "User Count",
        "Type",
        "Name",
        "Requests/s",
        "Failures/s",
    ];
    head.extend(PERCENTILES.map(|(_, title)| title));
    head.extend([
        "Total Request Count",
        "Total Failure Count",
        "Total Median Response Time",
        "Total Average Response Time",
        "Total Min Response Time",
        "Total Max Response Time",
        "Total Average Content Size",
    ]);
    let started = contents.record.meta.started_unix;
    let (mut requests, mut failed, mut bytes) = (0, 0, 0);
    let mut so_far = Distribution::default();
    let lines = contents.points.iter().map(|point| {
        let total = &point.total;
        requests += total.requests();
        failed += total.failed;
        bytes += total.received_bytes;
        so_far.add(&total.response);
        let seconds = point.length().as_secs_f64();
        let per_second = |count: u64| count as f64 / seconds.max(f64::MIN_POSITIVE);
        let mut line = vec![
            (started + point.to).as_secs().to_string(),
            point.users.to_string(),
            String::new(),
            AGGREGATED.to_owned(),
            format!("{:.6}", per_second(total.requests())),
            format!("{:.6}", per_second(total.failed)),
        ];
        let percentile = |(percent, _)| whole_ms(total.response.percentile(percent));
        line.extend(PERCENTILES.map(percentile));
        line.push(requests.to_string());
        line.push(failed.to_string());
        line.extend([
            whole_ms_or_zero(so_far.percentile(50.0)),
            ms(so_far.mean()),
            ms(so_far.min()),
            ms(so_far.max()),
            size(bytes, requests),
        ]);
        line
    });
    let lines: Vec<_> = lines.collect();
    table(&head, lines)
}

fn failures(contents: &Contents<'_>) -> String {
    let lines = contents.record.failures.iter().map(|failure| {
        let (method, name) = split(&failure.name);
        let example = failure.examples.first();
        let error = match example {
            None => failure.kind.code().to_owned(),
            Some(example) => format!("{}: {}", failure.kind.code(), one_line(&example.detail)),
        };
        vec![method.to_owned(), name, error, failure.count.to_string()]
    });
    table(&["Method", "Name", "Error", "Occurrences"], lines)
}

/// The method that a name begins with, and the rest.
fn split(name: &str) -> (&str, String) {
    let is_method = |word: &str| Method::ALL.iter().any(|method| method.as_str() == word);
    match name.split_once(' ') {
        Some((method, rest)) if is_method(method) => (method, one_line(rest)),
        Some(_) | None => ("", one_line(name)),
    }
}

/// Median, mean, shortest and longest.
fn times_of(times: &Latencies) -> [String; 4] {
    [
        whole_ms_or_zero(times.percentile(50.0)),
        ms(times.mean()),
        ms(times.min()),
        ms(times.max()),
    ]
}

fn size(bytes: u64, requests: u64) -> String {
    (bytes as f64 / requests.max(1) as f64).to_string()
}

fn ms(time: Option<Duration>) -> String {
    let time = time.unwrap_or_default();
    (time.as_secs_f64() * 1_000.0).to_string()
}

fn whole_ms(time: Option<Duration>) -> String {
    time.map_or("N/A".to_owned(), |time| whole_ms_or_zero(Some(time)))
}

fn whole_ms_or_zero(time: Option<Duration>) -> String {
    let ms = time.unwrap_or_default().as_secs_f64() * 1_000.0;
    format!("{ms:.0}")
}

fn table(head: &[&str], lines: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut writer = Writer::from_writer(Vec::new());
    let written = writer.write_record(head);
    let lines = lines.into_iter().map(|line| writer.write_record(line));
    let written = lines.fold(written, Result::and);
    written.expect("memory takes all, and all lines are as long");
    let bytes = writer.into_inner().expect("memory takes all");
    String::from_utf8(bytes).expect("only text was written")
}
