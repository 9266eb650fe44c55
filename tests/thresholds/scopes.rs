//! What thresholds are about: classes, groups, names; response and service times.

use plan::{
    protocol::scripted::{Answer, Scripted},
    report,
    stats::Outcome,
};

use super::{
    run,
    running::{Run, compile, ms},
    told,
};

const SHOP: &str = r#"
    plan: 1
    target: http://target
    users:
      buyer:
        weight: 1
        wait: 1s
        sequence:
          - group: check out
            do: [{ get: /cart }, { wait: 2s }, { get: /pay }]
      looker:
        weight: 3
        wait: 1s
        sequence:
          - { get: / }
          - { get: /cart }
          - { get: /sale, when: iteration > 1000 }
    load: { users: 4, duration: 2m }
    thresholds:
"#;

fn shop(thresholds: &[&str]) -> String {
    let lines = thresholds.iter();
    let lines: String = lines.map(|text| format!("      - '{text}'\n")).collect();
    format!("{SHOP}{lines}")
}

fn target() -> Scripted {
    Scripted::new(|asked| match asked.request.url.path() {
        "/pay" => Answer::new(500, "0123456789").after(ms(700)),
        "/cart" => Answer::new(200, "0123456789").after(ms(200)),
        _ => Answer::new(200, "0123456789").after(ms(100)),
    })
}

#[tokio::test(start_paused = true)]
async fn each_scope_has_its_own_numbers() {
    let record = run(
        &shop(&[
            "errors of class buyer < 1%",
            "errors of class looker < 1%",
            "max of class looker < 300ms",
            "p50 of class buyer < 300ms",
            r#"max of group "check out" < 1s"#,
            r#"service max of group "check out" < 1s"#,
            r#"errors of group "check out" < 1%"#,
            r#"p95 of "GET /cart" < 300ms"#,
            "min < 1ms",
            "skipped < 10",
            "bytes < 1kB",
            r#"bytes of "GET /pay" < 1kB/s"#,
        ]),
        target(),
    )
    .await;
    let row = |name: &str| {
        let mut rows = record.rows.iter();
        rows.find(|row| &*row.name == name).unwrap()
    };
    let skipped: u64 = record.skipped.iter().map(|(_, count)| count).sum();
    let (all, paid) = (row("GET /").ok, row("GET /pay").failed);
    assert!(all > 100 && paid > 20 && skipped > 100);
    let bytes_kb = record.total.received_bytes as f64 / 1_000.0;
    let pay_per_s = (paid * 10) as f64 / record.elapsed.as_secs_f64();
    assert_eq!(
        told(&record),
        [
            "Fail: errors of class buyer < 1% was 50%".to_owned(),
            "Pass: errors of class looker < 1% was 0%".to_owned(),
            "Pass: max of class looker < 300ms was 200ms".to_owned(),
            "Pass: p50 of class buyer < 300ms was 200ms".to_owned(),
            // A failed step leads out of it: nobody came to its end.
            r#"NoData: max of group "check out" < 1s nothing was measured"#.to_owned(),
            r#"NoData: service max of group "check out" < 1s nothing was measured"#.to_owned(),
            r#"Fail: errors of group "check out" < 1% was 100%"#.to_owned(),
            r#"Pass: p95 of "GET /cart" < 300ms was 200ms"#.to_owned(),
            "Fail: min < 1ms was 100ms".to_owned(),
            format!("Fail: skipped < 10 was {skipped}"),
            format!(
                "Fail: bytes < 1kB was {}kB",
                plan::base::figures::number(bytes_kb, 3)
            ),
            format!(
                r#"Pass: bytes of "GET /pay" < 1kB/s was {}B/s"#,
                plan::base::figures::number(pay_per_s, 3)
            ),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_group_is_judged_with_its_waits_or_without() {
    let target = Scripted::new(|_| Answer::new(200, "ok").after(ms(100)));
    let thresholds = [
        r#"p95 of group "check out" < 1s"#,
        r#"service p95 of group "check out" < 1s"#,
    ];
    assert_eq!(
        told(&run(&shop(&thresholds), target).await),
        [
            r#"Fail: p95 of group "check out" < 1s was 2.2s"#,
            r#"Pass: service p95 of group "check out" < 1s was 200ms"#,
        ]
    );
}

/// What a threshold says is there for programs, part by part.
#[tokio::test(start_paused = true)]
async fn a_summary_has_the_parts_of_a_threshold() {
    let text = shop(&[
        r#"service p95 of "GET /cart" in stage hold < 1s abort"#,
        "max of class looker < 4s over 30s",
        r#"errors of group "check out" <= 100%"#,
        "bytes < 1GB/s",
    ]);
    let summary = report::summary(&run(&text, target()).await);
    let parts = |at: usize| {
        let of = &summary["thresholds"][at];
        let keys = [
            "times", "of_what", "of", "stage", "over_us", "abort", "unit",
        ];
        keys.map(|key| of[key].clone())
    };
    let null = serde_json::Value::Null;
    assert_eq!(
        serde_json::json!([parts(0), parts(1), parts(2), parts(3)]),
        serde_json::json!([
            ["service", "name", "GET /cart", "hold", null, true, "us"],
            ["response", "class", "looker", null, 30_000_000, false, "us"],
            [null, "group", "check out", null, null, false, "share"],
            [null, "all", null, null, null, false, "bytes_per_s"],
        ])
    );
    let window = serde_json::json!({ "to_us": 30_000_000, "whole": false });
    assert_eq!(summary["thresholds"][1]["window"], window);
    assert_eq!(summary["thresholds"][0]["window"], null);
}

/// Classes that no threshold names cost nothing, and those that are named agree with
/// the rows to the request, on any number of workers.
#[tokio::test(start_paused = true)]
async fn classes_add_up_to_the_rows() {
    let text = shop(&[
        "rate of class buyer > 0/s",
        "rate of class looker > 0/s",
        "rate > 0/s",
    ]);
    for workers in [1, 3] {
        let record = Run::of(compile(&text), target())
            .workers(workers)
            .go()
            .await;
        let rates: Vec<f64> = record
            .thresholds
            .iter()
            .filter_map(|each| each.measured)
            .collect();
        let seconds = record.elapsed.as_secs_f64();
        let counts: Vec<u64> = rates
            .iter()
            .map(|rate| (rate * seconds).round() as u64)
            .collect();
        assert_eq!(counts[0] + counts[1], record.total.requests());
        assert_eq!(counts[2], record.total.requests());
    }
}

/// Nobody arrives in a plan of users: nothing can be dropped.
#[tokio::test(start_paused = true)]
async fn no_arrivals_are_no_data_for_dropped() {
    let record = run(&shop(&["dropped < 1%", "dropped <= 5 over 1m"]), target()).await;
    let no_data = |result: &plan::stats::ThresholdResult| result.outcome == Outcome::NoData;
    assert!(record.thresholds.iter().all(no_data), "{:?}", told(&record));
    assert_eq!(record.conclusion().exit, 4);
}

/// A round of a buyer: 200 ms, a wait of 2 s, 700 ms that fail, the wait of 1 s.
#[tokio::test(start_paused = true)]
async fn iterations_of_a_class() {
    let record = run(
        &shop(&[
            "errors of iteration buyer < 1%",
            "p95 of iteration looker < 4s",
            "service max of iteration looker < 200ms",
            "rate of iteration looker >= 0.5/s",
        ]),
        target(),
    )
    .await;
    // Each of three lookers has steps of 100 and 200 ms, and three waits of 1 s.
    assert_eq!(
        told(&record),
        [
            "Fail: errors of iteration buyer < 1% was 100%",
            "Pass: p95 of iteration looker < 4s was 3.3s",
            "Fail: service max of iteration looker < 200ms was 300ms",
            "Pass: rate of iteration looker >= 0.5/s was 0.924/s",
        ]
    );
}
