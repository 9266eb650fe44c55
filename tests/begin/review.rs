//! The examples of reviewing plans: what they call is called here, as it stands there.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_yaml::Value;

use crate::shell::Folder;

const WORKFLOW: &str = include_str!("../../.github/workflows/plans.yml");
const HOOKS: &str = include_str!("../../.pre-commit-hooks.yaml");

fn workflow() -> Value {
    serde_yaml::from_str(WORKFLOW).unwrap()
}

fn steps(job: &Value) -> &Vec<Value> {
    job["steps"].as_sequence().unwrap()
}

/// What a step of the reviewing job runs.
fn script(name: &str) -> String {
    let workflow = workflow();
    let step = steps(&workflow["jobs"]["review"])
        .iter()
        .find(|step| step["name"] == name)
        .unwrap();
    assert_eq!(step["shell"], "bash", "{name}");
    step["run"].as_str().unwrap().to_owned()
}

/// A repository with two plans and one that includes, committed.
fn repository() -> Folder {
    let folder = Folder::new()
        .file("plans/a.yaml", plan("a", 5))
        .file("plans/b c.yaml", plan("b", 5))
        .file("plans/d.yaml", plan("d", 5))
        .file("summary.md", "");
    folder.git(&["init", "--quiet"]);
    folder.commit();
    folder
}

fn plan(name: &str, users: u32) -> String {
    format!(
        "\
plan: 1
name: {name}
target: http://127.0.0.1:5000
users:
  visitor:
    wait: 1s
    tasks: [look]
tasks:
  look: [{{ get: / }}]
load: {{ users: {users}, duration: 10s }}
thresholds: [errors < 1%]
"
    )
}

/// Runs a script as the workflow's shell does, with the program on its path.
fn run(folder: &Folder, script: &str) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_plan")).parent().unwrap();
    let mut path = vec![PathBuf::from(program)];
    path.extend(env::split_paths(&env::var_os("PATH").unwrap()));
    Command::new("bash")
        .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
        .current_dir(folder.path(""))
        .env_clear()
        .env("PATH", env::join_paths(path).unwrap())
        .env("GITHUB_STEP_SUMMARY", folder.path("summary.md"))
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn mistakes_stand_at_their_lines() {
    let script = script("Find mistakes");
    let folder = repository();
    let good = run(&folder, &script);
    assert_eq!(good.status.code(), Some(0), "{}", told(&good));

    let torn = plan("a", 5).replace("wait: 1s", "wiat: 1s");
    fs::write(folder.path("plans/a.yaml"), torn).unwrap();
    let wrong = run(&folder, &script);
    assert_eq!(wrong.status.code(), Some(2), "{}", told(&wrong));
    assert!(
        told(&wrong).starts_with("::error file=plans/a.yaml,line=6,"),
        "{}",
        told(&wrong)
    );

    let crooked = plan("a", 5).replace("tasks: [look]", "tasks: [ look ]");
    fs::write(folder.path("plans/a.yaml"), crooked).unwrap();
    let crooked = run(&folder, &script);
    assert_eq!(crooked.status.code(), Some(1), "{}", told(&crooked));
}

#[test]
fn the_comment_says_what_changes() {
    let script = script("Say what changes in meaning");
    let folder = repository()
        .file("plans/a.yaml", plan("a", 50))
        .file("plans/b c.yaml", format!("# the same\n{}", plan("b", 5)))
        .file("plans/d.yaml", "plan: 1\nusers: [\n")
        .file("plans/e.yaml", plan("e", 5));
    folder.commit();
    let output = run(&folder, &script);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let comment = folder.text("review/diff.md");
    assert_eq!(folder.text("summary.md"), comment);
    assert!(comment.contains("more load"), "{comment}");
    assert!(comment.contains("plans/a.yaml"), "{comment}");
    assert!(!comment.contains("b c.yaml"), "{comment}");
    assert!(
        comment.contains("## `plans/d.yaml` cannot be compared\n"),
        "{comment}"
    );
    assert!(comment.contains("## `plans/e.yaml` is new\n"), "{comment}");
}

#[test]
fn a_change_without_a_meaning_is_told_as_one() {
    let script = script("Say what changes in meaning");
    let folder = repository().file("plans/a.yaml", format!("# why\n{}", plan("a", 5)));
    folder.commit();
    let output = run(&folder, &script);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let comment = folder.text("review/diff.md");
    assert_eq!(comment, "The plans mean the same as before.\n");
}

/// What a pull request brings is run where nothing can be written.
#[test]
fn it_may_do_no_more_than_it_has_to() {
    let workflow = workflow();
    assert!(!WORKFLOW.contains("secrets."));
    assert!(!WORKFLOW.contains("pull_request_target"));
    assert_eq!(workflow["permissions"], Value::Mapping(<_>::default()));
    let jobs = workflow["jobs"].as_mapping().unwrap();
    for (name, job) in jobs {
        let name = name.as_str().unwrap();
        let may = serde_yaml::to_string(&job["permissions"]).unwrap();
        let runs_a_plan = steps(job).iter().any(|step| {
            step["uses"]
                .as_str()
                .is_some_and(|uses| uses.contains("checkout"))
        });
        match runs_a_plan {
            true => assert_eq!(may, "contents: read\n", "{name}"),
            false => assert_eq!(may, "pull-requests: write\n", "{name}"),
        }
        for step in steps(job) {
            let Some(uses) = step["uses"].as_str() else {
                continue;
            };
            let (_, version) = uses.split_once("@v").unwrap();
            let numbers: Vec<u32> = version.split('.').map(|n| n.parse().unwrap()).collect();
            assert_eq!(numbers.len(), 3, "{uses}");
        }
    }
}

/// Each is called with the names of files behind it, as pre-commit does.
#[test]
fn the_hooks_take_files() {
    let hooks: Value = serde_yaml::from_str(HOOKS).unwrap();
    let hooks = hooks.as_sequence().unwrap();
    let ids: Vec<_> = hooks
        .iter()
        .map(|hook| hook["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["plan-validate", "plan-fmt"]);
    for hook in hooks {
        let entry = hook["entry"].as_str().unwrap();
        let folder = repository();
        let call = format!("{entry} plans/a.yaml 'plans/b c.yaml'");
        let output = run(&folder, &call);
        assert_eq!(output.status.code(), Some(0), "{call}: {}", told(&output));
        assert_eq!(told(&output), "", "{call}");

        let files = regex::Regex::new(hook["files"].as_str().unwrap()).unwrap();
        assert!(files.is_match("plans/a/b.yml") && files.is_match("x/plans/a.toml"));
        assert!(!files.is_match("plans/a.csv") && !files.is_match("compose.yaml"));
    }
}

/// No command of the examples is left out above.
#[test]
fn each_command_is_called_by_a_test() {
    let called = script("Find mistakes") + &script("Say what changes in meaning");
    let count = |text: &str| {
        text.lines()
            .filter(|line| line.trim().starts_with("plan "))
            .count()
    };
    assert_eq!(count(WORKFLOW), count(&called));
    assert_eq!(count(WORKFLOW), 3);
}
