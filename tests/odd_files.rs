//! Files that are no plans, or plans that are written oddly: what is said of
//! them, and that nothing in them reaches the terminal but what can be read.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

use std::{fs, process::Command};

use assert_cmd::cargo::CommandCargoExt as _;

const PLAN: &str = "\
plan: 1
target: http://127.0.0.1:5000
users:
  visitor: { wait: 5s, tasks: [read] }
load: { users: 1, duration: 1m }
thresholds: [errors < 1%]
tasks:
  read:
    - get: /
";

/// Validates a file of these bytes: what is written to both streams, and the exit code.
#[track_caller]
fn validate(name: &str, bytes: impl AsRef<[u8]>) -> (String, i32) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    let output = Command::cargo_bin("plan")
        .unwrap()
        .args(["validate", name])
        .current_dir(&folder)
        .env_clear()
        .output()
        .unwrap();
    let mut told = String::from_utf8(output.stdout).unwrap();
    told.push_str(&String::from_utf8(output.stderr).unwrap());
    (told, output.status.code().unwrap())
}

#[test]
fn what_is_no_text_is_a_sentence() {
    let utf16: Vec<u8> = PLAN.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&b"\xFF\xFE"[..], &utf16].concat();
    let swapped: Vec<u8> = PLAN.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let huge = format!("plan: 1\n{}", "# a line\n".repeat(120_000));
    let rows: [(&str, &[u8], &str); 7] = [
        (
            "utf16.yaml",
            &utf16,
            "it is UTF-16 (save the file as UTF-8)",
        ),
        (
            "marked.toml",
            &marked,
            "it is UTF-16 (save the file as UTF-8)",
        ),
        (
            "swapped.yaml",
            &swapped,
            "it is UTF-16 (save the file as UTF-8)",
        ),
        (
            "latin.yaml",
            b"plan: 1\nname: \xB3\n",
            "line 2 is not UTF-8 (save the file as UTF-8)",
        ),
        (
            "image.yaml",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            "it is not a text file",
        ),
        (
            "archive.toml",
            b"\x1f\x8b\x08\0\0\0\0\0\0\xff",
            "it is not a text file",
        ),
        (
            "huge.yaml",
            huge.as_bytes(),
            "it has more than 1048576 bytes (is it a data file?)",
        ),
    ];
    for (name, bytes, why) in rows {
        let expected = format!("error: cannot read `{name}`: {why}\n");
        assert_eq!(validate(name, bytes), (expected, 2));
    }
}

#[test]
fn a_folder_is_no_plan() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("plan.yaml")).unwrap();
    // Folders are walked for plans; what is run is one file.
    for (command, why) in [
        (
            "validate",
            "there is no plan in `plan.yaml`: no file that ends in .yaml, .yml or .toml",
        ),
        (
            "run",
            "cannot read `plan.yaml`: Is a directory (os error 21)",
        ),
    ] {
        let output = Command::cargo_bin("plan")
            .unwrap()
            .args([command, "plan.yaml"])
            .current_dir(&folder)
            .output()
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(told, format!("error: {why}\n"));
        assert_eq!(output.status.code(), Some(2), "{command}");
    }
}

#[test]
fn plans_from_other_systems_are_plans() {
    let windows = format!("\u{feff}{}", PLAN.replace('\n', "\r\n"));
    let rows = [
        ("mark.yaml", format!("\u{feff}{PLAN}")),
        ("windows.yaml", windows),
        ("old_mac.yaml", PLAN.replace('\n', "\r")),
        ("no_last_line.yaml", PLAN.trim_end().to_owned()),
        (
            "empty_lines.yaml",
            format!("\n\n{}\n\n", PLAN.replace('\n', "\n\n")),
        ),
        ("document.yaml", format!("%YAML 1.2\n---\n{PLAN}...\n")),
    ];
    for (name, text) in rows {
        assert_eq!(validate(name, text), (format!("{name}: ok\n"), 0));
    }
}

/// The place is that of the file as an editor shows it.
#[test]
fn lines_and_columns_are_those_of_the_editor() {
    let plan = PLAN.replace("get: /", "gte: /");
    for (name, text) in [
        ("mark.yaml", format!("\u{feff}{plan}")),
        (
            "windows.yaml",
            format!("\u{feff}{}", plan.replace('\n', "\r\n")),
        ),
    ] {
        let expected = format!(
            "\
error[P0002]: `gte` is not a key of a step
 --> {name}:9:7
  |
9 |     - gte: /
  |       ^^^ unknown key
  |
  = help: did you mean `get`?

1 error in {name}
more on this: plan explain P0002
"
        );
        assert_eq!(validate(name, text), (expected, 2));
    }
}

#[test]
fn nothing_at_all_is_told_as_such() {
    for text in [
        "",
        "\n\n",
        "# a comment\n",
        "\u{feff}",
        "---\n",
        "---\n...\n",
    ] {
        let (told, code) = validate("plan.yaml", text);
        assert!(
            told.starts_with("error[P0004]: the file holds no plan\n"),
            "{text:?}: {told}"
        );
        assert!(told.contains("= help: begin it with `plan: 1`\n"), "{told}");
        assert_eq!(code, 2);
    }
    let (told, code) = validate("plan.toml", "# a comment\n");
    assert!(
        told.contains("= help: begin it with `plan = 1`\n"),
        "{told}"
    );
    assert_eq!(code, 2);
}

#[test]
fn a_very_long_line_is_cut_around_the_place() {
    let long = "x".repeat(150_000);
    for (name, text) in [
        ("colon.yaml", format!("{PLAN}name: {long}: {long}\n")),
        ("key.yaml", format!("{PLAN}{long}: 1\n")),
        ("quote.yaml", format!("{PLAN}name: 'a' {long}\n")),
        ("braces.yaml", format!("{PLAN}name: {{{{ {long} }}}}\n")),
        ("value.toml", format!("plan = 1\nname = {long}\n")),
        ("key.toml", format!("plan = 1\n{long} = 1\n")),
    ] {
        let (told, code) = validate(name, text);
        let longest = told.lines().map(str::len).max().unwrap();
        assert!(
            longest < 500,
            "{name}: {longest} in\n{}",
            told.chars().take(3_000).collect::<String>()
        );
        assert_eq!(code, 2, "{told}");
    }
}

/// Names of a plan come from strangers: they colour nothing, overwrite nothing and
/// turn nothing around, be they written out or escaped.
#[test]
fn a_terminal_is_not_steered_by_what_stands_in_a_plan() {
    let signs = [
        "\u{1b}[31m",
        "\u{7}",
        "\u{8}\u{8}",
        "\0",
        "\u{7f}",
        "\u{9b}31m",
        "\u{85}",
        "\u{202e}",
        "\u{2066}",
        "\u{200f}",
        "\u{61c}",
        "\u{2028}",
        "\u{feff}",
    ];
    for sign in signs {
        let escaped: String = sign
            .chars()
            .map(|sign| format!("\\U{:08X}", u32::from(sign)))
            .collect();
        for written in [sign, &escaped] {
            let name = format!("\"re{written}ad\"");
            let plan = PLAN
                .replace(
                    "  read:\n",
                    &format!("  {name}:\n    - post: /\n  {name}:\n"),
                )
                .replace("[read]", &format!("[{name}, \"re{written}d\"]"))
                .replace("plan: 1\n", &format!("plan: 1\n\"na{written}me\": x\n"))
                .replace("get: /", &format!("\"{written}get\": /{written}"));
            steers_nothing(&plan, "plan.yaml");
        }
    }
    for sign in signs {
        steers_nothing(
            &format!("plan = 1\n\"na{sign}me\" = 5\nname = {sign}\n"),
            "plan.toml",
        );
    }
}

#[track_caller]
fn steers_nothing(plan: &str, name: &str) {
    let (told, code) = validate(name, plan);
    assert_eq!(code, 2, "{told}");
    let unseen = |sign: char| {
        sign.is_control() && !"\n\t".contains(sign)
            || matches!(sign, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    assert!(!told.contains(unseen), "{plan:?}\n{told:?}");
}

/// Files have odd names too.
#[cfg(unix)]
#[test]
fn a_terminal_is_not_steered_by_the_name_of_a_file() {
    for text in [PLAN.replace("get", "gte"), PLAN.to_owned()] {
        let (told, _) = validate("a\u{1b}[31m\u{202e}.yaml", text);
        assert!(told.contains("a␛[31m\u{fffd}.yaml"), "{told:?}");
        assert!(!told.contains(['\u{1b}', '\u{202e}']), "{told:?}");
    }
}

/// Slips over slips on one line, or on as many lines as there can be: what is
/// left out of the list is not looked at twice.
#[test]
fn a_file_of_slips_is_told_in_a_moment() {
    let many = |piece: &str| piece.repeat(80_000 / piece.len());
    let lines = [
        (
            "tags.yaml",
            format!("plan: 1\nvars: {{ v: [{}] }}\n", many("!a x, ")),
        ),
        (
            "aliases.yaml",
            format!("plan: 1\nvars: {{ v: [{}] }}\n", many("*abc , ")),
        ),
        (
            "alias_lines.yaml",
            format!("plan: 1\nvars:\n  v:\n{}", many("    - *abc\n")),
        ),
        (
            "anchors.yaml",
            format!("plan: 1\nvars: {{ v: [{}] }}\n", many("&a;b x, ")),
        ),
        (
            "braces.yaml",
            format!("plan: 1\nvars: {{ v: [{}] }}\n", many("{{ a }}, ")),
        ),
        (
            "bare.yaml",
            format!("plan: 1\nvars: {{ v: {{ {} }} }}\n", many("abc, ")),
        ),
        (
            "texts.yaml",
            format!("plan: 1\ninclude: [{}]\n", many("abc, ")),
        ),
        (
            "signs.yaml",
            format!("plan: 1\nvars:\n  v:\n{}", many("    - @abc\n")),
        ),
        (
            "quotes.yaml",
            format!("plan: 1\nvars:\n  v:\n{}", many("    - 'a' b\n")),
        ),
        (
            "lines.toml",
            format!("plan = 1\n[vars]\n{}", many("v = abc def\n")),
        ),
        (
            "line.toml",
            format!("plan = 1\nvars.v = [{}]\n", many("abc, ")),
        ),
        ("keys.toml", format!("plan = 1\n{}", many("a b = 1\n"))),
    ];
    for (name, text) in lines {
        let begun = std::time::Instant::now();
        let (told, code) = validate(name, text);
        assert_eq!(code, 2, "{name}");
        assert!(told.len() < 200_000, "{name}: {} bytes", told.len());
        // Less than two seconds each; looking back from each slip would take minutes.
        assert!(
            begun.elapsed().as_secs() < 30,
            "{name}: {:?}",
            begun.elapsed()
        );
        eprintln!("{name} {:?}", begun.elapsed());
    }
}

/// The stack that they would take is gone before anything can be said of it.
#[test]
fn chains_without_end_are_told_of_and_take_nothing_with_them() {
    let plan = |step: &str| {
        format!(
            "plan: 1\nusers: {{ a: {{ wait: 1s, tasks: [t] }} }}\nload: {{ users: 1, duration: 1s }}\ntasks:\n  t:\n    - {step}\n"
        )
    };
    let terms = "1 + ".repeat(20_000);
    for (step, message) in [
        (
            format!("log: a\n      when: '{terms}1'"),
            "longer than anybody can check",
        ),
        (
            format!("log: a\n      when: '{}true'", "not ".repeat(20_000)),
            "longer than anybody can check",
        ),
        (
            format!("get: '/{{{{ {terms}1 }}}}'"),
            "longer than anybody can check",
        ),
        (
            format!(
                "log: '{{% if a %}}{}{{% endif %}}'",
                "{% elif a %}".repeat(20_000)
            ),
            "longer than anybody can check",
        ),
        (
            "{ repeat: 99999999999999999999, do: [{ get: / }] }".to_owned(),
            "`tasks.t[0].repeat` should be at most 4294967295",
        ),
    ] {
        let (told, code) = validate("chain.yaml", plan(&step));
        assert!(told.contains(message), "{told}");
        assert_eq!(code, 2);
    }
    let (told, code) = validate(
        "deep.toml",
        format!("plan = 1\na = {}{}\n", "[".repeat(5000), "]".repeat(5000)),
    );
    assert!(told.starts_with("error[P0008]"), "{told}");
    assert_eq!(code, 2);
}
