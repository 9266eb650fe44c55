//! Slips that everybody makes once, and what `plan validate` says of them.
//!
//! Each file in `tests/slips` is a plan with one kind of slip in it; beside it
//! stands, as `.txt`, the whole of what a person would see. After a change of
//! words, `UPDATE_SLIPS=1 cargo test --test slips` writes them anew: read them
//! as the person who made the slip.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use assert_cmd::cargo::CommandCargoExt as _;
use plan::{
    plan::parse,
    source::{Diagnostics, Fix, Format, MemoryLoader, Severity, Source, Sources},
};

/// Slips with a mistake whose mending only the author knows.
const BY_HAND: &[&str] = &[
    "anchors.yaml",
    "billion_laughs.yaml",
    "brackets.yaml",
    "misspelt.yaml",
    "missing_indentation.yaml",
    "tabs.yaml",
    "there_twice.toml",
    "there_twice.yaml",
    "toml_in_a_yaml_file.yaml",
    "two_documents.yaml",
    "yaml_in_a_toml_file.toml",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/slips")
}

/// The plans, by name.
fn slips() -> Vec<PathBuf> {
    let mut slips: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| Format::of(path).is_some())
        .collect();
    slips.sort();
    slips
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// What a person sees, and the exit code.
fn validate(folder: &Path, name: &str) -> String {
    let output = Command::cargo_bin("plan")
        .unwrap()
        .args(["validate", name])
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    format!(
        "{}{}exit {}\n",
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
        output.status.code().unwrap()
    )
}

#[test]
fn every_slip_is_told_of_as_the_page_says() {
    let mut wrong = Vec::new();
    let slips = slips();
    assert!(slips.len() >= 15, "only {}", slips.len());
    for path in &slips {
        let told = validate(&folder(), name(path));
        let page = folder().join(format!("{}.txt", name(path)));
        if std::env::var_os("UPDATE_SLIPS").is_some() {
            fs::write(&page, &told).unwrap();
        } else if fs::read_to_string(&page).ok().as_ref() != Some(&told) {
            wrong.push(format!("{}:\n{told}", page.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every proposal that is a replacement is one: with all of them in its place,
/// the plan holds.
#[test]
fn a_plan_that_follows_the_proposals_holds() {
    let mended = tempfile::tempdir().unwrap();
    for path in slips() {
        if BY_HAND.contains(&name(&path)) {
            continue;
        }
        let mut text = fs::read_to_string(&path).unwrap();
        // A few slips hide others.
        for _ in 0..5 {
            let (found, fixes) = fixes(name(&path), &text);
            assert!(
                found.count(Severity::Error) == 0 || !fixes.is_empty(),
                "{}: no proposal\n{text}",
                path.display()
            );
            if fixes.is_empty() {
                break;
            }
            text = with(&fixes, text);
        }
        fs::write(mended.path().join(name(&path)), &text).unwrap();
        let told = validate(mended.path(), name(&path));
        // What it says without its slips is a matter of other rules.
        assert!(told.ends_with("exit 0\n"), "{told}\n{text}");
        assert!(!told.contains("[P00"), "{told}\n{text}");
    }
}

/// What `--fix` puts in needs no author: whoever calls it again changes nothing, no
/// line is lost, and no mistake is new but one that another had hidden.
#[test]
fn what_is_certain_is_mended_unasked() {
    let mut mended = Vec::new();
    for path in slips() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name(&path));
        let before = fs::read_to_string(&path).unwrap();
        fs::write(&file, &before).unwrap();
        let fix = || {
            let output = Command::cargo_bin("plan")
                .unwrap()
                .args(["validate", "--fix", name(&path)])
                .current_dir(&folder)
                .env_clear()
                .output()
                .unwrap();
            String::from_utf8(output.stderr).unwrap()
        };
        let told = fix();
        let after = fs::read_to_string(&file).unwrap();
        assert_eq!(told.starts_with("fixed: "), before != after, "{told}");
        assert_eq!(before.lines().count(), after.lines().count(), "{after}");
        assert!(!fix().starts_with("fixed: "), "{after}");
        assert_eq!(fs::read_to_string(&file).unwrap(), after);
        if before != after {
            mended.push(name(&path).to_owned());
        }
    }
    assert!(mended.len() >= 15, "only {mended:?}");
}

/// Where a replacement is shown as one, it is shown as it is.
#[test]
fn a_replacement_is_what_its_help_says() {
    for path in slips() {
        let text = fs::read_to_string(&path).unwrap();
        let (found, _) = fixes(name(&path), &text);
        for diagnostic in found.sorted() {
            let (Some(fix), Some(help)) = (&diagnostic.fix, diagnostic.help.last()) else {
                continue;
            };
            if help.starts_with("write ") && !help.contains(&fix.text) {
                // A part of a line, shown with its neighbours.
                let whole = help.trim_start_matches("write ").trim_matches('`');
                assert!(whole.contains(fix.text.trim()), "{help}: {fix:?}");
            }
        }
    }
}

fn fixes(name: &str, text: &str) -> (Diagnostics, Vec<Fix>) {
    let mut sources = Sources::new(Source {
        path: name.into(),
        format: Format::of(Path::new(name)).unwrap(),
        text: text.to_owned(),
    });
    let mut found = Diagnostics::new();
    parse(&mut sources, &mut MemoryLoader::new(), &mut found);
    let fixes = found
        .sorted()
        .into_iter()
        .filter_map(|diagnostic| diagnostic.fix.clone())
        .collect();
    (found, fixes)
}

/// The text with all replacements in it, from the last to the first.
fn with(fixes: &[Fix], mut text: String) -> String {
    let mut fixes = fixes.to_vec();
    fixes.sort_by_key(|fix| std::cmp::Reverse(fix.span.start));
    let mut limit = text.len();
    for fix in fixes {
        let range = fix.span.range();
        assert!(
            range.end <= limit,
            "two replacements of one place: {fix:?}\n{text}"
        );
        limit = range.start;
        text.replace_range(range, &fix.text);
    }
    text
}
