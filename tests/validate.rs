//! `plan validate` and the commands beside it, as a person in a shell sees them.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

mod shell;

use std::{fs, process::Command};

use assert_cmd::cargo::CommandCargoExt as _;
use shell::Folder;

#[test]
fn files_that_cannot_be_read_are_all_named() {
    let folder = Folder::new()
        .file("latin.yaml", b"plan: 1\nname: \xB3ucznik\n")
        .file("notes.txt", b"plan: 1\n");
    folder
        .plan(&["validate", "gone.yaml", "latin.yaml", "notes.txt"])
        .stderr(
            "\
error: cannot read `gone.yaml`: No such file or directory (os error 2)
error: cannot read `latin.yaml`: line 2 is not UTF-8 (save the file as UTF-8)
error: cannot read `notes.txt`: its name has no known ending; use .yaml, .yml or .toml
",
        )
        .exit(2);
}

#[test]
fn a_wrong_command_line_ends_with_2_and_help_with_0() {
    let folder = Folder::new();
    for args in [
        &["validat", "x.yaml"][..],
        &["validate"],
        &["validate", "--loud", "x.yaml"],
        &["show", "x.yaml", "--users", "0"],
        &["show", "x.yaml", "--users", "1000001"],
        &["show", "x.yaml", "--target", "ftp://example.org"],
        &["completions", "tcsh"],
        &["explain", "P9999"],
        &["explain", "--format", "xml"],
        &["validate", "--format", "xml", "x.yaml"],
        &[],
    ] {
        let ended = folder.plan(args);
        assert_eq!(ended.stdout, "", "{args:?}");
        assert_ne!(ended.stderr, "", "{args:?}");
        ended.exit(2);
    }
    for command in [
        "validate",
        "explain",
        "show",
        "schema",
        "completions",
        "man",
    ] {
        let ended = folder.plan(&[command, "--help"]);
        assert!(ended.stdout.contains("Examples:\n  plan "), "{command}");
        assert!(ended.stdout.ends_with('\n'), "{command}");
        ended.stderr("").exit(0);
    }
    let version = folder.plan(&["--version"]);
    assert_eq!(
        version.stdout,
        format!("plan {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = Folder::new();
    folder.plan(&["man", "--dir", "pages"]).stderr("").exit(0);
    let mut pages: Vec<String> = fs::read_dir(folder.path("pages"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    assert_eq!(pages.last().unwrap(), "plan.1");
    let help = folder.plan(&["--help"]).stdout;
    let commands = help.split("Commands:\n").nth(1).unwrap();
    let commands: Vec<&str> = commands
        .lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    for command in &commands {
        let page = folder.text(&format!("pages/plan-{command}.1"));
        assert!(page.contains(&format!(".TH plan-{command} 1")), "{page}");
        assert!(page.contains("\n.SH EXAMPLES\n"), "{command}");
        assert_eq!(page, folder.plan(&["man", command]).stdout);
    }
    assert_eq!(pages.len(), commands.len() + 1);
    folder
        .plan(&["man", "valdate"])
        .stderr("error: there is no command `valdate`; did you mean `validate`?\n")
        .exit(2);
}

#[test]
fn a_wrong_duration_is_explained() {
    Folder::new()
        .plan(&["show", "x.yaml", "--duration", "30"])
        .stderr(
            "\
error: invalid value '30' for '--duration <TIME>': every number of a duration needs a unit: ms, s, m, h or d; valid are 500ms, 7s, 1m, 1h20m, 72h, 3d

For more information, try '--help'.
",
        )
        .exit(2);
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ended = Folder::new().plan(&["completions", shell]);
        assert!(ended.stdout.contains("validate"), "{shell}");
        ended.stderr("").exit(0);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_with_3() {
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let ended = Command::cargo_bin("plan")
        .unwrap()
        .args(["completions", "bash"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&ended.stderr),
        "error: cannot write the output: No space left on device (os error 28)\n"
    );
    assert_eq!(ended.status.code(), Some(3));
}

#[cfg(unix)]
#[test]
fn whoever_stops_reading_has_read_enough() {
    use std::{os::fd::OwnedFd, process::Stdio};
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let ended = Command::cargo_bin("plan")
        .unwrap()
        .args(["completions", "bash"])
        .stdout(Stdio::from(OwnedFd::from(writer)))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
    assert_eq!(ended.status.code(), Some(0));
}

#[test]
fn the_flagship_holds_in_both_spellings_and_so_do_its_parts() {
    let folder = Folder::new()
        .file("a.yaml", include_str!("../plans/flaskr_endurance.yaml"))
        .file("a.toml", include_str!("../plans/flaskr_endurance.toml"))
        .file(
            "flaskr/tasks.yaml",
            include_str!("../plans/flaskr/tasks.yaml"),
        )
        .file(
            "flaskr/tasks.toml",
            include_str!("../plans/flaskr/tasks.toml"),
        );
    let good = folder.plan(&["validate", "a.yaml", "./a.toml", "flaskr/tasks.yaml"]);
    assert_eq!(
        good.stdout,
        "\
a.yaml: ok
./a.toml: ok
flaskr/tasks.yaml: ok (a fragment: checked through the plans that include it)
3 plans: 3 ok
"
    );
    good.stderr("").exit(0);
    let quiet = folder.plan(&["validate", "-q", "a.yaml"]);
    assert_eq!(quiet.stdout, "");
    quiet.stderr("").exit(0);
}

#[test]
fn what_is_shown_is_a_plan_that_shows_itself() {
    let folder = Folder::new()
        .file("a.yaml", include_str!("../plans/flaskr_endurance.yaml"))
        .file("a.toml", include_str!("../plans/flaskr_endurance.toml"))
        .file(
            "flaskr/tasks.yaml",
            include_str!("../plans/flaskr/tasks.yaml"),
        )
        .file(
            "flaskr/tasks.toml",
            include_str!("../plans/flaskr/tasks.toml"),
        );
    let shown = folder.plan(&["show", "a.yaml"]);
    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
    assert_eq!(folder.plan(&["show", "a.toml"]).stdout, shown.stdout);
    let folder = folder.file("shown.yaml", &shown.stdout);
    assert_eq!(folder.plan(&["show", "shown.yaml"]).stdout, shown.stdout);

    let changed = folder.plan(&[
        "show",
        "a.yaml",
        "--users",
        "5",
        "--duration",
        "90s",
        "--ramp-up",
        "0s",
        "--ramp-down",
        "1s",
        "--target",
        "https://example.org",
        "--format",
        "json",
    ]);
    let changed: serde_json::Value = serde_json::from_str(&changed.stdout).unwrap();
    assert_eq!(changed["target"], "https://example.org/");
    assert_eq!(
        changed["load"].to_string(),
        r#"{"users":5,"ramp_up":"0s","duration":"1m30s","ramp_down":"1s"}"#
    );
}

#[test]
fn mistakes_are_shown_where_they_are_in_whichever_file() {
    Folder::new()
        .file(
            "plan.yaml",
            "\
plan: 1
include: [more/tasks.yaml]
users:
  ŁuczniczQA:
    weight: 99
    wait: none
    tasks: { index: 0, logn: 1 }
  rare:
    wait: 1s
    sequence: [index]
load: { users: 10 }
",
        )
        .file(
            "more/tasks.yaml",
            "\
plan: 1
tasks:
  login: [index, again]
  again: [login]
  index:
    - get: /
",
        )
        .plan(&["validate", "plan.yaml"])
        .stderr(MISTAKES)
        .exit(2);
}

const MISTAKES: &str = "\
warning[P0104]: task `index` of class `ŁuczniczQA` has weight 0
 --> plan.yaml:7:21
  |
7 |     tasks: { index: 0, logn: 1 }
  |                     ^ so it is never drawn
  |
  = help: leave it out, or give it a weight of at least 1

error[P0101]: there is no task `logn`
 --> plan.yaml:7:24
  |
7 |     tasks: { index: 0, logn: 1 }
  |                        ^^^^ named here
  |
 ::: more/tasks.yaml:3:3
  |
3 |   login: [index, again]
  |   ----- `login` is defined here
  |
  = help: did you mean `login`?

warning[P0106]: class `rare` gets no user
  --> plan.yaml:8:3
   |
 8 |   rare:
   |   ^^^^ too small a share
...
11 | load: { users: 10 }
   |                -- of 10 users
   |
   = help: it gets its first at 51 users

error[P0107]: `load` needs `duration`
  --> plan.yaml:11:1
   |
11 | load: { users: 10 }
   | ^^^^ says nothing of `duration`
   |
   = help: add `duration: 5m`

error[P0102]: task `login` runs itself through other tasks
 --> more/tasks.yaml:3:18
  |
3 |   login: [index, again]
  |                  ^^^^^ `login` runs `again`
4 |   again: [login]
  |           ----- `again` runs `login`
  |
  = help: a task cannot come round to itself: nothing would end it

3 errors, 2 warnings in plan.yaml
more on these: plan explain P0101 P0107 P0102 P0104
";

#[test]
fn a_number_of_users_that_cannot_be_read_is_told_once() {
    Folder::new()
        .file(
            "plan.yaml",
            "\
plan: 1
users:
  a: { count: 3, wait: none, sequence: [{ get: / }] }
  b: { wait: none, sequence: [{ get: / }] }
load: { users: fifty, duration: 1m }
",
        )
        .plan(&["validate", "plan.yaml"])
        .stderr(
            "\
error[P0003]: `load.users` should be a whole number, not the text `fifty`
 --> plan.yaml:5:16
  |
5 | load: { users: fifty, duration: 1m }
  |                ^^^^^ expected a whole number

1 error in plan.yaml
more on this: plan explain P0003
",
        )
        .exit(2);
}

#[test]
fn a_warning_is_told_and_does_no_harm() {
    let ended = Folder::new()
        .file(
            "plan.toml",
            "\
plan = 1
target = 'http://localhost'
users.a = { wait = '1s', tasks = ['index'] }
load = { users = 1, duration = '1m' }
[[tasks.index]]
get = '/'
[[tasks.forgotten]]
get = '/'
",
        )
        .plan(&["validate", "plan.toml"]);
    assert_eq!(ended.stdout, "plan.toml: ok, 1 warning\n");
    ended
        .stderr(
            "\
warning[P0110]: task `forgotten` is never used
 --> plan.toml:7:9
  |
7 | [[tasks.forgotten]]
  |         ^^^^^^^^^ no class runs it

1 warning in plan.toml
more on this: plan explain P0110
",
        )
        .exit(0);
}

#[test]
fn tasks_of_an_included_file_need_not_all_be_used() {
    let folder = tempfile::tempdir().unwrap();
    let plan = "plan: 1\ninclude: [tasks.yaml]\nusers:\n  v: { wait: 1s, tasks: [used] }\n\
                tasks:\n  own: [{ get: /own }]\nload: { users: 1, duration: 1s }\n";
    let tasks = "plan: 1\ntasks:\n  used: [{ get: / }]\n  other: [{ get: /other }]\n";
    std::fs::write(folder.path().join("plan.yaml"), plan).unwrap();
    std::fs::write(folder.path().join("tasks.yaml"), tasks).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_plan"))
        .args(["validate", "plan.yaml"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("task `own` is never used"), "{told}");
    assert!(!told.contains("`other`"), "{told}");
}

const SLIPS: &str = "\
\u{feff}plan: 1 # the format
target: http://127.0.0.1:5000
include: [more.yaml]
load: { users: 2, duration: 1m }
users:
  reader:
    wait: 1-3s # not too fast
    wieght: 2
    tasks: read
tasks:
  read:
    - get:/
    - get: {{ page }}
      expect: 200
      timeout: 10
    - more
";

const FIXED: &str = "\
fixed: plan.yaml:7:11: `users.reader.wait`: `1-3s` is not a wait (write `1s..3s`)
fixed: plan.yaml:9:12: `users.reader.tasks` should be a mapping of task names to weights, or a list of task names, not the text `read` (write it as a list: `['read']`)
fixed: plan.yaml:12:7: `get:/` is read as the name of a task (write `get: /`)
fixed: plan.yaml:13:12: `{{ page }}` needs quotes (write `'{{ page }}'`)
fixed: plan.yaml:14:15: `tasks.read[1].expect` should be a mapping, not `200` (write `{ status: 200 }`)
fixed: more.yaml:4:7: `get /more` is read as the name of a task (write `get: /more`)
";

#[test]
fn fix_mends_what_is_certain_in_all_files_and_proposes_the_rest() {
    let folder = Folder::new().file("plan.yaml", SLIPS).file(
        "more.yaml",
        "plan: 1\r\ntasks:\r\n  more:\r\n    - get /more # slow\r\n",
    );
    let ended = folder.plan(&["validate", "--fix", "plan.yaml"]);
    let (fixed, found) = ended.stderr.split_at(FIXED.len());
    assert_eq!(fixed, FIXED);
    let errors: Vec<&str> = found
        .lines()
        .filter(|line| line.starts_with("error"))
        .collect();
    assert_eq!(
        errors,
        [
            "error[P0002]: `wieght` is not a key of a class of users",
            "error[P0302]: nothing sets `page`",
            "error[P0006]: `tasks.read[1].timeout`: `10` is not a duration",
        ]
    );
    assert_eq!(ended.code, Some(2));
    let mended = SLIPS
        .replace("1-3s", "1s..3s")
        .replace("tasks: read", "tasks: ['read']")
        .replace("get:/", "get: /")
        .replace("{{ page }}", "'{{ page }}'")
        .replace("expect: 200", "expect: { status: 200 }");
    assert_eq!(folder.text("plan.yaml"), mended);
    assert_eq!(
        folder.text("more.yaml"),
        "plan: 1\r\ntasks:\r\n  more:\r\n    - get: /more # slow\r\n"
    );
}

#[test]
fn fix_is_silent_where_nothing_is_certain() {
    let text = "plan: 1\nusers:\n  a:\n    wait: 10\n    sequence: [get: /]\nload: { users: 1, duration: 1m }\n";
    let folder = Folder::new().file("plan.yaml", text);
    let plain = folder.plan(&["validate", "plan.yaml"]);
    folder
        .plan(&["validate", "--fix", "plan.yaml", "gone.yaml"])
        .stderr(&format!(
            "{}error: cannot read `gone.yaml`: No such file or directory (os error 2)\n{}",
            plain.stderr.split("more on").next().unwrap(),
            &plain.stderr[plain.stderr.find("more on").unwrap()..]
        ))
        .exit(2);
    assert_eq!(folder.text("plan.yaml"), text);
}

#[test]
fn fix_says_where_it_cannot_write() {
    let folder = Folder::new().file("plan.yaml", SLIPS.replace("include: [more.yaml]\n", ""));
    let before = folder.text("plan.yaml");
    let mut permissions = fs::metadata(folder.path("plan.yaml"))
        .unwrap()
        .permissions();
    permissions.set_readonly(true);
    fs::set_permissions(folder.path("plan.yaml"), permissions).unwrap();
    let ended = folder.plan(&["validate", "--fix", "plan.yaml"]);
    // Whoever is root may write it all the same.
    match ended.code {
        Some(3) => {
            assert_eq!(
                ended.stderr,
                "error: cannot write `plan.yaml`: Permission denied (os error 13)\n"
            );
            assert_eq!(folder.text("plan.yaml"), before);
        }
        _ => assert!(ended.stderr.starts_with("fixed: "), "{}", ended.stderr),
    }
}
