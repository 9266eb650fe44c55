//! Environments, `--set` and `--var`: what whoever runs a plan changes in it.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

mod shell;

use shell::Folder;

const YAML: &str = "\
plan: 1
target: http://127.0.0.1:5000
vars: { name: 'u{{ user.id }}', size: 3 }
defaults:
  timeout: 10s
  headers: { Accept-Language: pl, X-Test: 'yes' }
users:
  editor:
    weight: 5
    wait: 5s
    vars: { size: 4 }
    tasks: { edit: 4, look: 1 }
  reader: { wait: 1s, tasks: [look] }
tasks:
  edit:
    - post: '/{{ name }}'
      form: { size: '{{ size }}' }
      timeout: 3s
  look: [{ get: / }]
load: { users: 50, ramp_up: 2m, duration: 72h }
thresholds: [errors < 0.1%, p95 < 300ms]
environments:
  staging:
    target: https://staging.example
    load: { users: 5, duration: 10m }
    vars: { size: 1 }
    defaults: { headers: { X-Test: null-ish } }
    thresholds: [errors < 5%]
  local: {}
";

const TOML: &str = r#"
plan = 1
target = "http://127.0.0.1:5000"
vars = { name = "u{{ user.id }}", size = 3 }
tasks.edit = [{ post = "/{{ name }}", form = { size = "{{ size }}" }, timeout = "3s" }]
tasks.look = [{ get = "/" }]
thresholds = ["errors < 0.1%", "p95 < 300ms"]

[defaults]
timeout = "10s"
headers = { Accept-Language = "pl", X-Test = "yes" }

[users.editor]
weight = 5
wait = "5s"
vars = { size = 4 }
tasks = { edit = 4, look = 1 }

[users.reader]
wait = "1s"
tasks = ["look"]

[load]
users = 50
ramp_up = "2m"
duration = "72h"

[environments.staging]
target = "https://staging.example"
load = { users = 5, duration = "10m" }
vars = { size = 1 }
defaults.headers.X-Test = "null-ish"
thresholds = ["errors < 5%"]

[environments.local]
"#;

fn show(name: &str, text: &str, args: &[&str]) -> String {
    let folder = Folder::new().file(name, text);
    let mut all = vec!["show", name];
    all.extend(args);
    let ended = folder.plan(&all);
    assert_eq!((&*ended.stderr, ended.code), ("", Some(0)), "{args:?}");
    ended.stdout
}

/// What `show` prints differently for the changed plan.
fn changed(args: &[&str]) -> Vec<String> {
    let (plain, now) = (show("p.yaml", YAML, &[]), show("p.yaml", YAML, args));
    assert_eq!(now, show("p.toml", TOML, args), "{args:?}");
    let old: Vec<&str> = plain
        .split("environments:")
        .next()
        .unwrap()
        .lines()
        .collect();
    let now: Vec<&str> = now.split("environments:").next().unwrap().lines().collect();
    let gone = old
        .iter()
        .filter(|line| !now.contains(line))
        .map(|line| format!("-{line}"));
    let new = now
        .iter()
        .filter(|line| !old.contains(line))
        .map(|line| format!("+{line}"));
    gone.chain(new).collect()
}

#[test]
fn an_environment_is_laid_over_the_plan_key_by_key() {
    assert_eq!(
        changed(&["--env", "staging"]),
        [
            "-target: http://127.0.0.1:5000/",
            "-  size: 3",
            "-    X-Test: yes",
            "-  users: 50",
            "-  duration: 3d",
            "-- errors < 0.1%",
            "-- p95 < 300ms",
            "+target: https://staging.example/",
            "+  size: 1",
            "+    X-Test: null-ish",
            "+  users: 5",
            "+  duration: 10m",
            "+- errors < 5%",
        ]
    );
    // An option is more than what it stands in for.
    assert_eq!(
        changed(&["--env", "local", "--users", "7"]),
        ["-  users: 50", "+  users: 7"]
    );
}

/// The plan's load with that of an environment over it, as `show` prints it.
fn load_over(plan: &str, over: &str) -> Vec<String> {
    let text = YAML
        .replace("load: { users: 50, ramp_up: 2m, duration: 72h }", plan)
        .replace("load: { users: 5, duration: 10m }", over);
    let shown = show("p.yaml", &text, &["--env", "staging"]);
    let lines = shown.lines().skip_while(|line| *line != "load:").skip(1);
    let lines = lines.take_while(|line| line.starts_with(' '));
    lines.map(|line| line.trim().to_owned()).collect()
}

#[test]
fn an_environment_with_another_kind_of_load_brings_the_whole_of_it() {
    const STAGES: &str = "load: { stages: [{ to: 9 users, over: 1m }, { hold: 2m }] }";
    const OPEN: &str =
        "load: { arrivals: 9/s, max_users: 9, spread: poisson, duration: 1m, graceful_stop: 3s }";
    const CLOSED: &str = "load: { users: 5, duration: 10m }";
    assert_eq!(load_over(STAGES, CLOSED), ["users: 5", "duration: 10m"]);
    let kept = ["users: 5", "duration: 10m", "graceful_stop: 3s"];
    assert_eq!(load_over(OPEN, CLOSED), kept);
    // What was about arrivals does not stay beside stages of users.
    let shown = load_over(OPEN, STAGES);
    assert!(!shown.join("\n").contains("max_users"), "{shown:?}");
    assert!(shown.join("\n").contains("to: 9 users"), "{shown:?}");
    // Of its own kind a load is changed key by key.
    let faster = load_over(OPEN, "load: { arrivals: 5/s }");
    let expected = [
        "arrivals: 5/s",
        "max_users: 9",
        "spread: poisson",
        "duration: 1m",
        "graceful_stop: 3s",
    ];
    assert_eq!(faster, expected);
}

#[test]
fn a_time_laid_over_stages_does_not_silently_take_their_place() {
    let text = YAML
        .replace(
            "load: { users: 50, ramp_up: 2m, duration: 72h }",
            "load: { stages: [{ to: 9 users, over: 1m }] }",
        )
        .replace(
            "load: { users: 5, duration: 10m }",
            "load: { duration: 10m }",
        );
    let folder = Folder::new().file("p.yaml", text);
    let ended = folder.plan(&["validate", "p.yaml", "--env", "staging"]);
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("`stages`"), "{}", ended.stderr);
    assert!(ended.stderr.contains("`duration`"), "{}", ended.stderr);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn anything_can_be_set() {
    for (args, told) in [
        (
            &["--set", "load.users=5"][..],
            &["-  users: 50", "+  users: 5"][..],
        ),
        (&["--set", "load.ramp_down=1m"], &["+  ramp_down: 1m"]),
        (&["--set", "users.editor.weight=1"], &["-    weight: 5"]),
        (
            &["--set", "tasks.edit.0.timeout=4s"],
            &["-    timeout: 3s", "+    timeout: 4s"],
        ),
        (
            &["--set", "tasks.edit[0].timeout=4s"],
            &["-    timeout: 3s", "+    timeout: 4s"],
        ),
        (
            &["--set", "tasks.edit.0.name=edited"],
            &["+    name: edited"],
        ),
        (
            &["--set", "defaults.headers.X-Test=no"],
            &["-    X-Test: yes", "+    X-Test: no"],
        ),
        (
            &["--set", "thresholds=[errors < 1%]"],
            &["-- errors < 0.1%", "-- p95 < 300ms", "+- errors < 1%"],
        ),
        (&["--set", "users.editor.tasks.look=9"], &["+      look: 9"]),
        (
            &["--set", "load.users=5", "--set", "load.users=6"],
            &["-  users: 50", "+  users: 6"],
        ),
        (
            &[
                "--env",
                "staging",
                "--set",
                "target=http://h:1",
                "--set",
                "vars.size=3",
                "--set",
                "thresholds=[errors < 0.1%, p95 < 300ms]",
                "--set",
                "load.duration=72h",
                "--set",
                "defaults.headers={ Accept-Language: pl, X-Test: 'yes' }",
            ],
            &[
                "-target: http://127.0.0.1:5000/",
                "-  users: 50",
                "+target: http://h:1/",
                "+  users: 5",
            ],
        ),
        (
            &["--var", "name=ada"],
            &["-  name: u{{ user.id }}", "+  name: ada"],
        ),
        // Wherever it is declared: in the plan and in the class.
        (
            &["--var", "size=12"],
            &[
                "-  size: 3",
                "-      size: 4",
                "+  size: 12",
                "+      size: 12",
            ],
        ),
    ] {
        let seen = changed(args);
        for line in told {
            assert!(
                seen.contains(&(*line).to_owned()),
                "{args:?}: {line} in {seen:?}"
            );
        }
        assert!(seen.len() <= told.len() + 1, "{args:?}: {seen:?}");
    }
}

#[test]
fn what_leads_nowhere_is_told_with_the_nearest() {
    for (args, told) in [
        (
            &["--set", "load.usres=5"][..],
            "--set load.usres: `usres` is not a key of `load`\n = help: did you mean `users`?",
        ),
        (
            &["--set", "lod.users=5"],
            "--set lod.users: `lod` is not a key of a plan\n = help: did you mean `load`?",
        ),
        (
            &["--set", "users.editr.weight=5"],
            "--set users.editr.weight: there is no `editr`\n = help: did you mean `editor`?",
        ),
        (
            &["--set", "tasks.edit.1.timeout=5s"],
            "--set tasks.edit.1.timeout: `1` is no item of this list; it has 1, counted from 0",
        ),
        (
            &["--set", "defaults.timeout.connect=5s"],
            "--set defaults.timeout.connect: there is nothing below it that `connect` could be: set it as a whole",
        ),
        (
            &["--set", "load..users=5"],
            "--set load..users: a path is keys with dots between them, such as `load.users`",
        ),
        (
            &["--set", "load.users=[5"],
            "--set load.users: `[5` is no value of YAML; put a text in quotes",
        ),
        (
            &["--var", "nme=x"],
            "--var nme: no `vars` of the plan have `nme`\n = help: did you mean `name`?",
        ),
        (
            &["--env", "stagin"],
            "--env stagin: the plan has no environment `stagin`\n = help: did you mean `staging`?",
        ),
    ] {
        let folder = Folder::new().file("p.yaml", YAML);
        let mut all = vec!["validate", "p.yaml"];
        all.extend(args);
        let ended = folder.plan(&all);
        let expected = format!("error[P0002]: {told}\n");
        assert!(
            ended.stderr.replace(" |\n", "").starts_with(&expected),
            "{args:?}: {}\nnot {expected}",
            ended.stderr
        );
        assert_eq!(ended.code, Some(2));
    }
    // What the reader knows better is told by it.
    let folder = Folder::new().file("p.yaml", YAML);
    let ended = folder.plan(&["validate", "p.yaml", "--set", "load.users=0"]);
    assert!(
        ended
            .stderr
            .contains("`load.users` should be at least 1, not 0"),
        "{}",
        ended.stderr
    );
    let ended = folder.plan(&["validate", "p.yaml", "--set", "tasks.edit.0.tiemout=1s"]);
    assert!(
        ended.stderr.contains("did you mean `timeout`?"),
        "{}",
        ended.stderr
    );
    ended.exit(2);
}

/// Where a value is wrong, it is said that it is not the file's.
#[test]
fn a_wrong_value_is_told_with_its_option() {
    for (option, message) in [
        (
            "--set=load.users=many",
            "`load.users` should be a whole number, not the text `many`",
        ),
        (
            "--set=load.ramp_down=5",
            "`load.ramp_down`: `5` is not a duration",
        ),
        ("--var=name={{ nobody }}", "`nobody`"),
    ] {
        let folder = Folder::new().file("p.yaml", YAML);
        let said = folder.plan(&["validate", "p.yaml", option]).stderr;
        let by = format!(
            " = note: the value is that of `{}`\n",
            option.replacen('=', " ", 1).split('=').next().unwrap()
        );
        assert!(
            said.contains(message) && said.contains(&by),
            "{option}: {said}"
        );
    }
}

#[test]
fn every_environment_is_validated() {
    let wrong = YAML
        .replace("size: 1 }", "sizes: 1 }")
        .replace("load: { users: 5,", "load: { users: 1,");
    let ended = Folder::new()
        .file("p.yaml", wrong)
        .plan(&["validate", "p.yaml"]);
    let told: Vec<&str> = ended
        .stderr
        .lines()
        .filter(|line| line.starts_with("warning") || line.starts_with("error"))
        .collect();
    assert_eq!(
        told,
        [
            "warning[P0106]: class `reader` gets no user",
            "warning[P0402]: `sizes` is set and never read",
        ],
        "{}",
        ended.stderr
    );
    let unknown = YAML.replace("  local: {}", "  local: { user: 5 }");
    let ended = Folder::new()
        .file("p.yaml", unknown)
        .plan(&["validate", "p.yaml"]);
    assert!(
        ended
            .stderr
            .starts_with("error[P0002]: `user` is not a key of an environment"),
        "{}",
        ended.stderr
    );
    ended.exit(2);
}

#[test]
fn options_can_come_from_the_environment_and_the_command_line_goes_first() {
    let folder = Folder::new().file("p.yaml", YAML);
    let shown = folder.plan_where(
        &[
            ("PLAN_ENV", "staging"),
            ("PLAN_USERS", "9"),
            ("PLAN_TARGET", "http://h:1"),
        ],
        &["show", "p.yaml", "--target", "http://h:2"],
    );
    assert!(
        shown.stdout.contains("target: http://h:2/\n"),
        "{}",
        shown.stdout
    );
    assert!(shown.stdout.contains("  users: 9\n"), "{}", shown.stdout);
    assert!(
        shown.stdout.contains("X-Test: null-ish\n"),
        "{}",
        shown.stdout
    );
    let wrong = folder.plan_where(&[("PLAN_USERS", "many")], &["show", "p.yaml"]);
    assert!(
        wrong
            .stderr
            .starts_with("error: invalid value 'many' for '--users <N>'"),
        "{}",
        wrong.stderr
    );
    wrong.exit(2);
}

#[test]
fn the_report_tells_what_was_changed_and_the_fingerprint_is_of_the_plan_as_written() {
    let plan = "\
plan: 1
vars: { password: x, size: 1 }
users: { a: { wait: none, sequence: [{ get: '/{{ size }}', headers: { X: '{{ password }}' } }] } }
load: { users: 2, per_user: 1 }
environments: { small: { load: { users: 1 } } }
";
    let folder = Folder::new().file("p.yaml", plan);
    let meta = |args: &[&str]| {
        let mut all = vec!["run", "p.yaml", "--demo", "--quiet", "--json", "s.json"];
        all.extend(args);
        let ended = folder.plan(&all);
        let summary: serde_json::Value = serde_json::from_str(&folder.text("s.json")).unwrap();
        (ended.stdout, summary)
    };
    let (plain, before) = meta(&[]);
    assert!(!plain.contains("\n  with "), "{plain}");
    let (text, after) = meta(&[
        "--env",
        "small",
        "--var",
        "password=hunter2",
        "--set",
        "vars.size=9",
        "--duration",
        "90s",
    ]);
    assert!(
        text.contains(
            "\n  with     --env small --set vars.size=9 --var password=*** --duration 1m30s\n"
        ),
        "{text}"
    );
    assert_eq!(after["fingerprint"], before["fingerprint"]);
    assert_eq!(
        after["options"],
        serde_json::json!([
            "--env small",
            "--set vars.size=9",
            "--var password=***",
            "--duration 1m30s"
        ])
    );
    assert_eq!(
        (&before["options"], &after["schedule"]["users"]),
        (&serde_json::json!([]), &1.into())
    );
}
