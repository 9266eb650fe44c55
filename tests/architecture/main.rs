//! Who may import whom, which crate belongs where, and how long files are.
//!
//! Reads `src/**/*.rs` as tokens, not as text, so that comments and strings say
//! what they like. Code under `#[cfg(test)]` is not held to anything here: tests
//! go through whatever door is widest.
//!
//! When this fails, the design is asking a question. Answer it in a table, with
//! a reason, or move the code.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

mod rust;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use rust::File;

/// A room, and the rooms that it may import.
const ROOMS: &[(&str, &str)] = &[
    ("base", ""),
    ("source", "base"),
    ("exchange", "base"),
    ("template", "base"),
    ("profile", "base"),
    ("feed", "base source"),
    ("tls", ""),
    ("extract", "base exchange"),
    ("expect", "base exchange extract"),
    ("plan", "base source"),
    (
        "graph",
        "base source exchange template profile feed tls extract expect plan",
    ),
    ("forecast", "base source profile plan graph"),
    ("sketch", "base plan"),
    ("diff", "base source plan"),
    ("protocol", "base exchange tls"),
    ("stats", "base exchange profile"),
    ("health", "base stats"),
    (
        "engine",
        "base exchange template profile feed extract expect graph protocol stats health",
    ),
    ("archive", "base stats"),
    ("view", "base stats"),
    ("report", "base profile stats archive"),
    ("author", "base source exchange plan"),
    ("demo", "base"),
    (
        "cluster",
        "base source plan graph profile stats engine archive",
    ),
    (
        "cli",
        "base source exchange template profile feed tls extract expect plan graph forecast sketch diff \
         protocol stats health \
         engine archive view report author demo cluster",
    ),
];

/// The two files beside the rooms, and the rooms that they may import.
const ROOTS: [(&str, &str); 2] = [("lib", ""), ("main", "cli")];

/// A crate, and the places that may name it: rooms, or folders of rooms.
const CRATES: &[(&str, &str)] = &[
    ("annotate_snippets", "source"),
    ("anstyle", "cli diff report view"),
    ("axum", "demo"),
    ("base64", "exchange protocol/http"),
    ("clap", "cli"),
    ("clap_complete", "cli"),
    ("clap_mangen", "cli"),
    ("comfy_table", "forecast report"),
    ("console", "view"),
    ("cookie_store", "protocol/http"),
    ("crc32fast", "archive"),
    ("csv", "feed report"),
    ("encoding_rs", "exchange"),
    ("fake", "template"),
    ("flate2", "archive exchange"),
    ("futures_util", "engine"),
    ("getrandom", "cli demo engine"),
    ("granit_parser", "plan/read plan/format"),
    ("h2", "protocol/http"),
    ("hdrhistogram", "stats"),
    ("http_body_util", "protocol/http"),
    ("html5ever", "extract"),
    ("httparse", "protocol/http"),
    ("humantime", "base"),
    ("hyper", "protocol/http"),
    ("hyper_util", "protocol/http"),
    ("indicatif", "view"),
    // Its calendar tells the dates that fields of pages hold.
    ("jiff", "base demo extract report template"),
    ("memchr", "extract protocol/http"),
    ("minijinja", "demo report template"),
    ("percent_encoding", "exchange protocol/http"),
    ("postcard", "archive"),
    ("quick_junit", "report"),
    ("rand", "base"),
    ("rand_pcg", "base"),
    ("regex", "extract"),
    ("rustix", "health"),
    ("rustls", "main protocol/http tls"),
    ("rustls_platform_verifier", "protocol/http"),
    ("scraper", "extract"),
    (
        "serde",
        "archive base demo exchange feed plan profile report stats template view",
    ),
    (
        "serde_json",
        "archive cli demo diff exchange extract feed forecast plan report source template view",
    ),
    ("serde_json_path", "extract"),
    ("serde_yaml", "cli"),
    ("sha2", "demo diff plan"),
    ("similar", "cli"),
    ("strsim", "base source"),
    ("terminal_size", "cli"),
    ("thiserror", ANYWHERE),
    ("tokio", "base cli cluster demo engine protocol view"),
    ("tokio_rustls", "protocol/http"),
    ("toml", "cli plan/read"),
    ("toml_parser", "plan/format"),
    ("url", ANYWHERE),
    ("uuid", "cli template"),
];

const ANYWHERE: &str = "anywhere";

/// Places that may ask what time it is, and why.
const MAY_ASK_THE_TIME: [(&str, &str); 1] = [("base/clock", "it is there for that")];

/// Places that may hold `async` code.
const MAY_BE_ASYNC: &str = "archive/write cli cluster demo engine protocol view";

/// Files that may be longer than [`MAX_LINES`], and why.
const MAY_BE_LONG: [(&str, &str); 0] = [];

/// The most lines of a file, tests not counted.
const MAX_LINES: usize = 500;

#[test]
fn rooms_import_only_the_rooms_in_their_line() {
    hold(wrong_rooms);
}

#[test]
fn crates_are_named_only_where_they_belong() {
    hold(wrong_crates);
}

#[test]
fn only_the_clock_asks_the_time() {
    hold(asks_the_time);
}

#[test]
fn only_rooms_that_wait_are_async() {
    hold(wrongly_async);
}

#[test]
fn files_are_short() {
    hold(too_long);
}

#[test]
fn every_room_has_its_line_and_imports_only_what_comes_before_it() {
    let known: BTreeSet<_> = ROOMS.iter().chain(&ROOTS).map(|(name, _)| *name).collect();
    for entry in fs::read_dir(folder().join("src")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(known.contains(name), "`src/{name}` is no room of the table");
    }
    for (at, (room, imports)) in ROOMS.iter().enumerate() {
        for import in imports.split_whitespace() {
            let comes_before = ROOMS[..at].iter().any(|(name, _)| *name == import);
            assert!(comes_before, "`{import}` does not come before `{room}`");
        }
    }
}

#[test]
fn every_crate_has_its_line() {
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let dependencies = manifest["dependencies"].as_table().unwrap();
    let depends: BTreeSet<_> = dependencies
        .keys()
        .map(|name| name.replace('-', "_"))
        .collect();
    let known: BTreeSet<_> = CRATES.iter().map(|(name, _)| (*name).to_owned()).collect();
    let differ: Vec<_> = depends.symmetric_difference(&known).collect();
    assert_eq!(differ, [""; 0], "in only one of Cargo.toml and the table");
}

/// Holds a rule against all files.
fn hold(rule: fn(&File) -> Vec<String>) {
    let files = sources();
    assert!(files.len() > 20, "the sources were not found");
    let broken: Vec<_> = files.iter().flat_map(rule).collect();
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

fn wrong_rooms(file: &File) -> Vec<String> {
    let lines: BTreeMap<_, _> = ROOMS.iter().copied().chain(ROOTS).collect();
    let room = file.room();
    let may = lines[room];
    // The program sees the library as a crate of its own.
    let root = if room == "main" { "plan" } else { "crate" };
    let complaint = |path: rust::Named| {
        let other = path.segments.get(1).filter(|_| path.segments[0] == root)?;
        let fine = other == room || may.split_whitespace().any(|allowed| allowed == other);
        (!fine).then(|| {
            format!(
                "{}:{}: `{room}` may not import `{other}`",
                file.path, path.line
            )
        })
    };
    file.paths().into_iter().filter_map(complaint).collect()
}

fn wrong_crates(file: &File) -> Vec<String> {
    let lines: BTreeMap<_, _> = CRATES.iter().copied().collect();
    let complaint = |path: rust::Named| {
        let name = &path.segments[0];
        let may = *lines.get(name.as_str())?;
        let fine = may == ANYWHERE || file.is_in(may) || file.declares(name);
        (!fine).then(|| format!("{}:{}: `{name}` belongs to {may}", file.path, path.line))
    };
    file.paths().into_iter().filter_map(complaint).collect()
}

fn asks_the_time(file: &File) -> Vec<String> {
    const CLOCKS: [&str; 4] = ["Instant", "SystemTime", "Timestamp", "Zoned"];
    if MAY_ASK_THE_TIME.iter().any(|(place, _)| file.is_in(place)) {
        return Vec::new();
    }
    let complaint = |path: rust::Named| {
        let asks = path
            .segments
            .windows(2)
            .any(|pair| CLOCKS.contains(&pair[0].as_str()) && pair[1] == "now");
        asks.then(|| format!("{}:{}: only the clock asks the time", file.path, path.line))
    };
    file.paths().into_iter().filter_map(complaint).collect()
}

fn wrongly_async(file: &File) -> Vec<String> {
    let lines = file.lines_with("async").into_iter();
    lines
        .filter(|_| !file.is_in(MAY_BE_ASYNC))
        .map(|line| format!("{}:{line}: `async` belongs to {MAY_BE_ASYNC}", file.path))
        .collect()
}

fn too_long(file: &File) -> Vec<String> {
    if file.lines <= MAX_LINES || MAY_BE_LONG.iter().any(|(place, _)| file.is_in(place)) {
        return Vec::new();
    }
    vec![format!(
        "{}: {} lines, at most {MAX_LINES}",
        file.path, file.lines
    )]
}

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files of `src`, without those that are tests as a whole.
fn sources() -> Vec<File> {
    let src = folder().join("src");
    let mut open = vec![src.clone()];
    let mut paths: Vec<PathBuf> = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(&src).unwrap().to_str().unwrap();
        File::new(name, &fs::read_to_string(path).unwrap())
    };
    let files: Vec<_> = paths.iter().map(read).collect();
    let tests: BTreeSet<_> = files.iter().flat_map(|file| &file.test_files).collect();
    files
        .iter()
        .filter(|file| !tests.contains(&file.path))
        .cloned()
        .collect()
}

/// Each rule sees what breaks it, in every way of writing it.
mod each_rule_can_fail {
    use super::*;

    #[test]
    fn rooms() {
        let wrong = [
            ("plan/read/yaml.rs", "use crate::engine;"),
            ("plan/mod.rs", "use super::engine::run;"),
            (
                "plan/read/yaml.rs",
                "use super::super::super::engine::{self};",
            ),
            ("plan/ast.rs", "fn f() { crate::engine::run() }"),
            (
                "plan/ast.rs",
                "use crate::{base::{ids, value}, engine::{user::{User, step}}};",
            ),
            ("plan/ast.rs", "mod a { use super::super::super::engine; }"),
            (
                "plan/ast.rs",
                "const A: char = '\"'; fn f<'a>() {} use crate::engine; // \"",
            ),
            ("main.rs", "use plan::engine;"),
            ("lib.rs", "pub use crate::engine::run;"),
        ];
        for (path, text) in wrong {
            let found = wrong_rooms(&File::new(path, text));
            assert!(!found.is_empty(), "{text}");
            assert!(
                found.iter().all(|line| line.ends_with("`engine`")),
                "{text}"
            );
        }
        let right = [
            (
                "plan/ast.rs",
                "use crate::{base::ids, source::{Span, file}};",
            ),
            (
                "plan/ast.rs",
                "use super::read::yaml; use crate::plan::keys;",
            ),
            (
                "plan/ast.rs",
                "//! crate::engine\n/* use crate::engine; */ const A: &str = \"crate::engine\";",
            ),
            (
                "plan/ast.rs",
                "const A: &str = r#\"\" use crate::engine; \"#; const B: char = '\\'';",
            ),
            (
                "plan/ast.rs",
                "#[cfg(test)] mod tests { use crate::engine; fn f() {} }",
            ),
            ("plan/ast.rs", "#[cfg(test)] use crate::{engine, view};"),
            ("main.rs", "use plan::cli;"),
        ];
        for (path, text) in right {
            assert_eq!(wrong_rooms(&File::new(path, text)), [""; 0], "{text}");
        }
        let after = "#[cfg(test)] use crate::{view}; mod a { mod b {} use crate::engine; }";
        assert_eq!(
            wrong_rooms(&File::new("plan/ast.rs", &after.replace(';', ";\n"))),
            ["plan/ast.rs:2: `plan` may not import `engine`"]
        );
    }

    #[test]
    fn crates() {
        let wrong = [
            ("plan/ast.rs", "use clap::Args;"),
            ("plan/ast.rs", "use clap;"),
            ("plan/ast.rs", "use {std::fmt, clap::{Args}};"),
            ("plan/ast.rs", "#[derive(clap::Args)] struct A {}"),
            ("plan/ast.rs", "fn f() -> ::clap::Error {}"),
            ("client.rs", "use clap::Args;"),
        ];
        for (path, text) in wrong {
            let file = File::new(path, text);
            assert_eq!(
                wrong_crates(&file),
                [format!("{path}:1: `clap` belongs to cli")],
                "{text}"
            );
        }
        let right = [
            ("cli/mod.rs", "use clap::Args;"),
            ("plan/read/yaml.rs", "use granit_parser::Parser;"),
            ("protocol/http/mod.rs", "use hyper::Uri;"),
            ("demo/csv.rs", "mod csv { } fn f() { csv::read() }"),
            (
                "plan/ast.rs",
                "fn f() { self::clap::x(); crate::clap::y() }",
            ),
            ("plan/ast.rs", "#[cfg(test)]\nmod tests { use clap::Args; }"),
        ];
        for (path, text) in right {
            assert_eq!(wrong_crates(&File::new(path, text)), [""; 0], "{text}");
        }
        let outside = File::new("protocol/scripted.rs", "use hyper::Uri;");
        assert_eq!(wrong_crates(&outside).len(), 1);
    }

    #[test]
    fn time_and_async() {
        let wrong = [
            "fn f() { Instant::now() }",
            "fn f() { std::time::SystemTime::now() }",
            "use jiff::Timestamp; fn f() { let now = Timestamp::now; }",
        ];
        for text in wrong {
            assert_eq!(asks_the_time(&File::new("engine/user.rs", text)).len(), 1);
            assert_eq!(asks_the_time(&File::new("base/clock.rs", text)).len(), 0);
        }
        let text = "async fn f() {}\nfn g() { spawn(async move {}) }";
        assert_eq!(
            wrongly_async(&File::new("stats/mod.rs", text)),
            [
                format!("stats/mod.rs:1: `async` belongs to {MAY_BE_ASYNC}"),
                format!("stats/mod.rs:2: `async` belongs to {MAY_BE_ASYNC}"),
            ]
        );
        assert_eq!(wrongly_async(&File::new("engine/mod.rs", text)).len(), 0);
    }

    #[test]
    fn length() {
        let body = "fn f() {}\n".repeat(MAX_LINES);
        let tests = format!("{body}#[cfg(test)]\nmod tests {{\n{body}}}\n");
        assert_eq!(too_long(&File::new("plan/ast.rs", &tests)), [""; 0]);
        assert_eq!(
            too_long(&File::new("plan/ast.rs", &format!("{tests}// one more"))),
            ["plan/ast.rs: 501 lines, at most 500"]
        );
    }

    #[test]
    fn files_of_tests_are_found() {
        let text = "#[cfg(test)]\nmod tests;";
        let files = |path| File::new(path, text).test_files;
        assert_eq!(
            files("plan/check/mod.rs"),
            ["plan/check/tests.rs", "plan/check/tests/mod.rs"]
        );
        assert_eq!(
            files("plan/print.rs"),
            ["plan/print/tests.rs", "plan/print/tests/mod.rs"]
        );
        assert_eq!(files("lib.rs"), ["tests.rs", "tests/mod.rs"]);
    }
}
