//! Plans with random slips: reading, checking and showing them never fails.
//!
//! Five thousand mutated plans in each run of the tests, always the same; more of
//! them, and others, by `PLAN_MUTANTS=100000 PLAN_MUTANTS_SEED=1`. What is asked
//! of each is `fuzz/body.rs`, which the fuzz targets ask too; what a fuzzer once
//! found belongs into `fuzz/corpus`, whose files are all tried here.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

#[path = "../fuzz/body.rs"]
mod body;

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

/// What a mutation puts in: signs and words that mean something to a format.
const PIECES: &[&str] = &[
    "\t",
    "\n",
    "\r\n",
    "\r",
    " ",
    "  ",
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    ",",
    "-",
    "- ",
    "#",
    " #",
    "&a ",
    "*a",
    "!",
    "!!str ",
    "|",
    ">",
    "'",
    "\"",
    "\\",
    "\\d",
    "\"\"\"",
    "'''",
    "%",
    "@",
    "`",
    "~",
    "<<: *a",
    "=",
    ".",
    "..",
    "0",
    "007",
    "1_0",
    "1e3",
    "{{",
    "}}",
    "{{ x }}",
    "{% if x %}",
    "---\n",
    "...\n",
    "? ",
    "é",
    "\u{1F3F9}",
    "\u{a0}",
    "\u{202e}",
    "\u{feff}",
    "\u{85}",
    "\0",
    "\u{1b}",
    "null",
    "no",
    "[[",
    "]]",
    "tasks",
    "users:",
    "wait",
    "get: /",
    "\n[tasks]\n",
];

#[test]
fn no_mutation_of_a_plan_breaks_the_reader() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .map(|text| text.parse::<u64>().unwrap())
    };
    let count = number("PLAN_MUTANTS").unwrap_or(5_000);
    let seed = number("PLAN_MUTANTS_SEED").unwrap_or(7);
    let plans = plans();
    for index in 0..count {
        let mut random = Random::new(seed, index);
        let (path, bytes) = &plans[random.below(plans.len())];
        let mut bytes = bytes.clone();
        for _ in 0..=random.below(4) {
            mutate(&mut bytes, &mut random);
        }
        let name = path.file_name().unwrap().to_str().unwrap();
        validated(name, &bytes, &format!("mutant {index} of seed {seed}"));
    }
}

#[test]
fn the_corpus_of_the_fuzzers_holds() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (folder, name) in [
        ("validate_yaml", "plan.yaml"),
        ("validate_toml", "plan.toml"),
    ] {
        let files = files_in(&corpus.join(folder));
        assert!(files.len() > 10, "{folder}");
        for path in files {
            let bytes = fs::read(&path).unwrap();
            validated(name, &bytes, &path.display().to_string());
        }
    }
}

/// Validates, and names the text where that fails.
fn validated(name: &str, bytes: &[u8], what: &str) {
    let validate = AssertUnwindSafe(|| body::validate(name, bytes));
    if catch_unwind(validate).is_err() {
        panic!("{what}, {name}:\n{}", String::from_utf8_lossy(bytes));
    }
}

/// All plans of the repository, and the pages of slips.
fn plans() -> Vec<(PathBuf, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [
        "plans",
        "plans/flaskr",
        "examples",
        "tests/plans",
        "tests/slips",
    ];
    let plans: Vec<_> = folders
        .iter()
        .flat_map(|folder| files_in(&root.join(folder)))
        .filter(|path| {
            matches!(
                path.extension().and_then(|end| end.to_str()),
                Some("yaml" | "toml")
            )
        })
        .map(|path| (path.clone(), fs::read(&path).unwrap()))
        .collect();
    assert!(plans.len() > 30, "{}", plans.len());
    plans
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    files
}

fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    let end = (at + 1 + random.below(30)).min(bytes.len());
    let piece = PIECES[random.below(PIECES.len())].bytes();
    match random.below(6) {
        0 => drop(bytes.splice(at..(at + 1).min(bytes.len()), piece)),
        1 | 2 => drop(bytes.splice(at..at, piece)),
        3 => drop(bytes.drain(at..end)),
        4 if at < bytes.len() => bytes[at] = u8::try_from(random.below(256)).unwrap(),
        _ => {
            let part = bytes[at..end].to_vec();
            let to = random.below(bytes.len() + 1);
            bytes.splice(to..to, part);
        }
    }
}

/// A small generator: the n-th mutant of a seed can be made again.
struct Random(u64);

impl Random {
    fn new(seed: u64, index: u64) -> Random {
        let mixed = (seed << 32 ^ index)
            .wrapping_add(1)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Random(mixed | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}
