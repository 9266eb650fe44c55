//! Every rule has a plan that breaks it, and the same plan without the mistake.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use plan::{
    forecast::{examine, forecast},
    plan::{
        Overrides,
        ast::PlanKind,
        rules::{self, Rule},
    },
    source::{Colour, Diagnostics, Format, MemoryLoader, Severity, Source, Sources, render_text},
};

/// Files that examples name: one with tasks, one with rows.
fn files() -> MemoryLoader {
    MemoryLoader::new()
        .with("tasks.yaml", "plan: 1\ntasks:\n  index: [{ get: / }]\n")
        .with("accounts.csv", "name,password\nada,007\n")
        .with("client.pem", &certificate())
}

/// A certificate and its key.
fn certificate() -> String {
    let made = rcgen::generate_simple_self_signed(["ada".to_owned()]).unwrap();
    made.cert.pem() + &made.signing_key.serialize_pem()
}

/// All that is found in a plan, and as it is shown.
fn examined(text: &str) -> (Diagnostics, String) {
    let mut sources = Sources::new(Source {
        path: "plan.yaml".into(),
        format: Format::Yaml,
        text: text.to_owned(),
    });
    let mut found = Diagnostics::new();
    let mut loader = files();
    if let Some(mut parsed) = plan::plan::parse(&mut sources, &mut loader, &mut found) {
        Overrides::default()
            .apply(&mut parsed)
            .expect("nothing is changed");
        let checked = plan::plan::check(parsed, &mut found);
        assert_eq!(checked.plan().kind, PlanKind::Whole);
        let graph = plan::graph::compile(&checked, &sources, &mut loader, &mut found);
        if let Some(graph) = graph {
            examine(&forecast(&graph, Duration::ZERO), &mut found);
        }
    }
    let text = render_text(&sources, &found, Colour::Plain);
    (found, text)
}

#[test]
fn every_example_has_its_mistake_and_no_other() {
    for rule in rules::all() {
        let (found, text) = examined(rule.example);
        let given: Vec<_> = found
            .sorted()
            .into_iter()
            .map(|diagnostic| (diagnostic.code, diagnostic.severity))
            .collect();
        assert!(!given.is_empty(), "{}: nothing is found", rule.code);
        for given in given {
            assert_eq!(given, (rule.code, rule.severity), "{text}");
        }
    }
}

#[test]
fn every_mended_example_is_without_mistakes() {
    for rule in rules::all() {
        let (_, text) = examined(rule.mended);
        assert_eq!(text, "", "{}", rule.code);
    }
}

#[test]
fn codes_are_unique_and_in_order() {
    let codes: Vec<_> = rules::all().map(|rule| rule.code).collect();
    let sorted: Vec<_> = BTreeSet::from_iter(&codes).into_iter().copied().collect();
    assert_eq!(codes, sorted);
    for code in codes {
        assert!(code.len() == 5 && code.starts_with('P'), "{code}");
        assert!(code[1..].bytes().all(|digit| digit.is_ascii_digit()));
    }
}

/// A code that is written anywhere else would have no rule, or be a second home
/// of one that has. Tests may name them.
#[test]
fn codes_are_written_in_rules_only_and_every_rule_is_listed() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut rule_files = 0;
    for path in rust_files(&src) {
        let text = fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        let is_rule = path.parent().unwrap().parent() == Some(&src.join("plan/rules"));
        if is_rule && path.file_stem().unwrap() != "mod" {
            rule_files += 1;
        } else if !path.ends_with("tests.rs") {
            let written = text
                .match_indices("\"P0")
                .find(|(at, _)| text[at + 2..].starts_with(|next: char| next.is_ascii_digit()));
            assert_eq!(written, None, "{}", path.display());
        }
    }
    assert_eq!(rule_files, rules::all().count());
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}

/// What is printed stands in a terminal, and in columns.
#[test]
fn rules_are_written_to_be_printed() {
    for Rule {
        code,
        severity,
        summary,
        explanation,
        example,
        mended,
    } in rules::all()
    {
        assert!(*severity >= Severity::Warning, "{code}");
        assert!(summary.chars().count() <= 60, "{code}: {summary}");
        assert!(!summary.ends_with('.'), "{code}: {summary}");
        assert!(explanation.ends_with(".\n"), "{code}: {explanation}");
        assert!(
            explanation.contains("\n\n"),
            "{code}: why, and how to mend it"
        );
        for line in explanation.lines() {
            assert!(line.chars().count() <= 84, "{code}: {line}");
        }
        assert_ne!(example, mended, "{code}");
    }
}

/// A number that stands in an explanation is the one that holds.
#[test]
fn numbers_in_explanations_are_those_of_the_program() {
    #[rustfmt::skip]
    let rows = [
        ("P0108", plan::base::split::MAX_PLACES as usize, 1_000_000, "a million"),
        ("P0403", plan::stats::MAX_NAMES,                 1_000,     "1,000 rows"),
    ];
    for (code, number, explained, words) in rows {
        assert_eq!(number, explained, "{code}");
        assert!(rules::find(code).unwrap().explanation.contains(words));
    }
}
