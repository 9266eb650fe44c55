//! One run in all its reports: they agree to the request.

use super::{folder, json};

/// A cell of a table of commas, by the title of its column.
fn cell<'t>(table: &'t [Vec<String>], line: usize, title: &str) -> &'t str {
    let column = table[0].iter().position(|known| known == title);
    let column = column.unwrap_or_else(|| panic!("no column {title} in {:?}", table[0]));
    &table[line][column]
}

fn table(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).from_reader(text.as_bytes());
    let lines = reader.records().map(Result::unwrap);
    lines
        .map(|line| line.iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn all_reports_of_a_run_have_the_same_numbers() {
    let folder = folder();
    let ended = folder.plan(&[
        "run",
        "plan.yaml",
        "--demo",
        "--out",
        "kept",
        "--junit",
        "j.xml",
        "--markdown",
        "m.md",
        "--csv",
        "c",
        "--json",
        "asked.json",
    ]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(
        ended
            .stderr
            .contains("\nkept    kept\nreport  kept/report.json\n"),
        "{}",
        ended.stderr
    );
    assert_eq!(folder.text("kept/report.json"), folder.text("asked.json"));
    assert_eq!(folder.text("kept/plan/plan.yaml"), super::PLAN);

    // What is read again is what was shown then.
    let shown = folder.plan(&["report", "kept"]);
    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
    assert_eq!(shown.stdout, ended.stdout);
    let again = folder.plan(&[
        "report",
        "kept",
        "--json",
        "again.json",
        "--junit",
        "j2.xml",
        "--markdown",
        "m2.md",
        "--csv",
        "c2",
    ]);
    assert_eq!(
        (again.code, again.stdout.as_str()),
        (Some(0), ""),
        "{}",
        again.stderr
    );
    for (first, second) in [
        ("asked.json", "again.json"),
        ("j.xml", "j2.xml"),
        ("m.md", "m2.md"),
        ("c_stats.csv", "c2_stats.csv"),
        ("c_stats_history.csv", "c2_stats_history.csv"),
        ("c_failures.csv", "c2_failures.csv"),
        ("c_exceptions.csv", "c2_exceptions.csv"),
    ] {
        assert_eq!(folder.text(first), folder.text(second), "{first}");
    }

    numbers_agree(&folder);
}

/// What each report of the same run says of all its requests.
fn numbers_agree(folder: &super::Folder) {
    let document = json(&folder.text("asked.json"));
    let requests = document["total"]["requests"].as_u64().unwrap();
    let failed = document["total"]["failed"].as_u64().unwrap();
    assert!(requests > 100 && failed > 50, "{requests}, {failed}");
    let timeline = document["timeline"].as_array().unwrap();
    let sum = |key: &str| -> u64 {
        let parts = timeline.iter().map(|part| part["total"][key].as_u64());
        parts.map(Option::unwrap).sum()
    };
    assert_eq!((sum("requests"), sum("failed")), (requests, failed));
    assert!((3..=5).contains(&timeline.len()), "{}", timeline.len());
    assert_eq!(timeline[1]["users"], 4);

    let stats = table(&folder.text("c_stats.csv"));
    let last = stats.len() - 1;
    assert_eq!(cell(&stats, last, "Name"), "Aggregated");
    assert_eq!(cell(&stats, last, "Request Count"), requests.to_string());
    assert_eq!(cell(&stats, last, "Failure Count"), failed.to_string());
    let history = table(&folder.text("c_stats_history.csv"));
    let last = history.len() - 1;
    assert_eq!(
        cell(&history, last, "Total Request Count"),
        requests.to_string()
    );
    assert_eq!(
        cell(&history, last, "Total Failure Count"),
        failed.to_string()
    );
    let failures = table(&folder.text("c_failures.csv"));
    assert_eq!(failures[1][..2], ["GET", "/nothing"]);
    assert_eq!(cell(&failures, 1, "Occurrences"), failed.to_string());

    let comment = folder.text("m.md");
    assert!(
        comment.contains(&format!("\n{requests} requests against ")),
        "{comment}"
    );
    assert!(
        comment.contains(&format!("| **all** | {requests} | {failed} |")),
        "{comment}"
    );
    let suite = folder.text("j.xml");
    assert!(
        suite.contains("tests=\"2\" skipped=\"0\" errors=\"0\" failures=\"0\""),
        "{suite}"
    );
}

/// Everything from outside is text wherever it stands.
#[test]
fn what_comes_from_outside_is_no_markup() {
    let plan = super::PLAN.replace(
        "- get: /nothing",
        "- get: /nothing\n      name: '<script>|`@you` #1 &amp; ]]>'",
    );
    let folder = super::Folder::new().file("plan.yaml", plan);
    let ended = folder.plan(&[
        "run",
        "plan.yaml",
        "--demo",
        "-q",
        "--no-archive",
        "--threshold",
        "errors of \"<script>|`@you` #1 &amp; ]]>\" < 1%",
        "--junit",
        "j.xml",
        "--markdown",
        "m.md",
    ]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    let comment = folder.text("m.md");
    for wrong in ["<script>", "@you", "#1 &"] {
        assert!(!comment.contains(wrong), "{wrong} in {comment}");
    }
    let suite = folder.text("j.xml");
    assert!(!suite.contains("<script>"), "{suite}");
    assert!(suite.contains("failures=\"1\""), "{suite}");
}

#[test]
fn nothing_is_kept_where_that_is_asked_for() {
    let folder = folder();
    folder
        .plan(&[
            "run",
            "plan.yaml",
            "--demo",
            "--duration",
            "1s",
            "-q",
            "--no-archive",
        ])
        .stderr("")
        .exit(0);
    let mut left: Vec<_> = std::fs::read_dir(folder.path("")).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    left.clear();
    // Nor of a run that never began.
    folder.plan(&["run", "plan.yaml", "-q"]).exit(3);
    let runs = std::fs::read_dir(folder.path("runs"));
    assert_eq!(runs.map_or(0, Iterator::count), 0);
}
