//! Ten slips that everybody makes, one at a time in the same plan, and what
//! `plan validate` says of each.
//!
//! The page `docs/slips.md` is made of them: after a change of words,
//! `UPDATE_SLIPS=1 cargo test --test typical` writes it anew.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

#[path = "../shell/mod.rs"]
mod shell;

use std::{env, fmt::Write as _, fs, path::Path};

use shell::{Ended, Folder};

/// The plan that all of them are made in.
const PLAN: &str = include_str!("blog.yaml");

const PAGE: &str = include_str!("../../docs/slips.md");

/// One slip.
struct Slip {
    title: &'static str,
    /// What is behind it, for the page.
    why: &'static str,
    /// What stands in the plan, and what somebody wrote in place of it.
    right: &'static str,
    wrong: &'static str,
    /// The code that it has to be told with, and the line of the plan.
    told: (&'static str, usize),
}

const SLIPS: [Slip; 10] = [
    Slip {
        title: "Indentation",
        why: "One space too few, and YAML cannot say what `expect` belongs to.",
        right: "      expect: { contains: Posts }",
        wrong: "     expect: { contains: Posts }",
        told: ("P0001", 16),
    },
    Slip {
        title: "A typing error",
        why: "A key that does not exist is never ignored: the plan would run, and expect nothing.",
        right: "      expect: { contains: Posts }",
        wrong: "      expects: { contains: Posts }",
        told: ("P0002", 16),
    },
    Slip {
        title: "A unit that does not exist",
        why: "Every time has a unit, and there is one word for each.",
        right: "    wait: 5s..10s",
        wrong: "    wait: 5sec..10sec",
        told: ("P0006", 8),
    },
    Slip {
        title: "Braces without quotes",
        why: "To YAML, a brace begins a mapping.",
        right: "        username: '{{ authors.username }}'",
        wrong: "        username: {{ authors.username }}",
        told: ("P0001", 27),
    },
    Slip {
        title: "A variable that nothing sets, in a branch",
        why: "Branches are checked like everything else, also those that hardly anybody goes into.",
        right: "        - get: /{{ post_id }}",
        wrong: "        - get: /{{ postid }}",
        told: ("P0302", 23),
    },
    Slip {
        title: "A variable that a skipped step did not set",
        why: "The step is skipped in every round but the first, and what it would have taken out of \
              the page is read in all of them.",
        right: "    - post: /create",
        wrong: "    - post: /create\n      when: iteration == 1",
        told: ("P0301", 34),
    },
    Slip {
        title: "No weight left",
        why: "Somebody switched off one task after the other.",
        right: "    tasks: { browse: 3, read: 1 }",
        wrong: "    tasks: { browse: 0, read: 0 }",
        told: ("P0103", 9),
    },
    Slip {
        title: "A threshold for a request that nobody sends",
        why: "It would never have data to be judged by.",
        right: "  - p95 of \"GET /\" < 300ms",
        wrong: "  - p95 of \"GET /index\" < 300ms",
        told: ("P0206", 40),
    },
    Slip {
        title: "A column that the CSV file does not have",
        why: "The file is read before anything is sent.",
        right: "        password: '{{ authors.password }}'",
        wrong: "        password: '{{ authors.pasword }}'",
        told: ("P0302", 28),
    },
    Slip {
        title: "A step behind `stop`",
        why: "Nobody comes to it, which is a warning: the plan can run.",
        right: "    - get: /auth/logout\n    - stop: user",
        wrong: "    - stop: user\n    - get: /auth/logout",
        told: ("P0117", 36),
    },
];

fn validate(text: &str) -> Ended {
    Folder::new()
        .file("blog.yaml", text)
        .file("authors.csv", include_str!("authors.csv"))
        .plan(&["validate", "blog.yaml"])
}

impl Slip {
    fn plan(&self) -> String {
        assert_eq!(PLAN.matches(self.right).count(), 1, "{}", self.title);
        PLAN.replace(self.right, self.wrong)
    }
}

#[test]
fn the_plan_itself_is_right() {
    let ended = validate(PLAN);
    assert_eq!(ended.stdout, "blog.yaml: ok\n");
    ended.stderr("").exit(0);
}

#[test]
fn each_slip_is_told_once_where_it_stands_and_nothing_else_is() {
    for slip in &SLIPS {
        let ended = validate(&slip.plan());
        let (code, line) = slip.told;
        let heads: Vec<&str> = ended
            .stderr
            .lines()
            .filter(|line| line.starts_with("error") || line.starts_with("warning"))
            .collect();
        assert_eq!(heads.len(), 1, "{}: {}", slip.title, ended.stderr);
        assert!(
            heads[0].contains(&format!("[{code}]")),
            "{}: {}",
            slip.title,
            ended.stderr
        );
        let place = format!("--> blog.yaml:{line}:");
        assert!(
            ended.stderr.contains(&place),
            "{}: {}",
            slip.title,
            ended.stderr
        );
        assert!(
            ended.stderr.contains("  = help: "),
            "{}: {}",
            slip.title,
            ended.stderr
        );
        let expected = match heads[0].starts_with("error") {
            true => 2,
            false => 0,
        };
        ended.exit(expected);
    }
}

/// What is certain is put in by `--fix`, and gives back the plan.
#[test]
fn what_is_proposed_gives_the_plan_back() {
    let mut mended = Vec::new();
    for slip in &SLIPS {
        let folder = Folder::new()
            .file("blog.yaml", slip.plan())
            .file("authors.csv", include_str!("authors.csv"));
        folder.plan(&["validate", "--fix", "blog.yaml"]);
        if folder.text("blog.yaml") == PLAN {
            mended.push(slip.title);
        }
    }
    assert_eq!(
        mended,
        ["A unit that does not exist", "Braces without quotes"]
    );
}

#[test]
fn the_page_says_what_the_program_says() {
    let page = page();
    if env::var_os("UPDATE_SLIPS").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/slips.md");
        fs::write(path, &page).unwrap();
        return;
    }
    // Not `assert_eq!`: nobody finds a difference in two pages of one line each.
    let first = PAGE.lines().zip(page.lines()).find(|(old, new)| old != new);
    assert!(
        PAGE == page,
        "docs/slips.md is not what is said now: {first:?}"
    );
}

fn page() -> String {
    let mut page = format!(
        "\
# Ten slips

What `plan validate` says of ten slips that everybody makes once. Each is alone in this plan, which is right without
it; `authors.csv` has the columns `username` and `password`.

```yaml
{PLAN}```
"
    );
    for (number, slip) in SLIPS.iter().enumerate() {
        let (title, why) = (slip.title, slip.why);
        let mark = |sign: char, text: &str| -> String {
            text.lines().map(|line| format!("{sign}{line}\n")).collect()
        };
        let (right, wrong) = (mark('-', slip.right), mark('+', slip.wrong));
        let said = validate(&slip.plan()).stderr;
        let number = number + 1;
        write!(
            page,
            "
## {number}. {title}

{why}

```diff
{right}{wrong}```

```text
$ plan validate blog.yaml
{said}```
"
        )
        .unwrap();
    }
    page
}
