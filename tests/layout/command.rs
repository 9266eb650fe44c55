//! `plan fmt` and `plan convert` as they are called.

use std::{
    fs,
    io::Write as _,
    process::{Command, Output, Stdio},
};

fn plan(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_plan"))
        .args(args)
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_file_is_written_once_and_keeps_its_mark() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.yaml");
    let name = file.to_str().unwrap();
    fs::write(&file, "\u{feff}plan:   1\nname: x # y\n").unwrap();

    let checked = plan(&["fmt", "--check", name]);
    assert_eq!(checked.status.code(), Some(1));
    let diff = String::from_utf8(checked.stdout).unwrap();
    let expected = "@@ -1,2 +1,2 @@\n-plan:   1\n-name: x # y\n+plan: 1\n+name: x  # y\n";
    assert!(diff.ends_with(expected), "{diff}");
    assert!(fs::read_to_string(&file).unwrap().contains("plan:   1"));

    let written = plan(&["fmt", name]);
    assert_eq!(written.status.code(), Some(0));
    assert_eq!(told(&written), format!("formatted: {name}\n"));
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        "\u{feff}plan: 1\nname: x  # y\n"
    );

    for args in [["fmt", name].as_slice(), &["fmt", "--check", name]] {
        let again = plan(args);
        assert_eq!(again.status.code(), Some(0));
        assert_eq!(told(&again), "");
        assert!(again.stdout.is_empty());
    }
}

#[test]
fn folders_hold_other_files_too_and_a_slip_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    put("compose.yaml", "services:   {}\n");
    put("a_torn.yaml", "plan: [1\n");
    put("good.yaml", "plan:   1\n");
    let name = folder.path().to_str().unwrap();
    let output = plan(&["fmt", "--quiet", name]);
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("a_torn.yaml:"), "{}", told(&output));
    let get = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(get("compose.yaml"), "services:   {}\n");
    assert_eq!(get("a_torn.yaml"), "plan: [1\n");
    assert_eq!(get("good.yaml"), "plan: 1\n");

    let named = folder.path().join("compose.yaml");
    let output = plan(&["fmt", named.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).ends_with("is no plan: it has no `plan: 1`\n"));
}

#[test]
fn stdin_goes_to_stdout() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_plan"))
        .args(["fmt", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"plan:   1").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stdout, b"plan: 1\n");
}

#[test]
fn a_plan_is_converted_and_nothing_is_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (yaml, toml) = (path("plan.yaml"), path("plan.toml"));
    let text = "plan: 1\ntasks: { a: [{ get: / }] }  # one\n";
    fs::write(&yaml, text).unwrap();
    let expected = "plan = 1\n\n[tasks]  # one\na = [{ get = \"/\" }]\n";

    let shown = plan(&["convert", &yaml]);
    assert_eq!(String::from_utf8(shown.stdout).unwrap(), expected);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

    let written = plan(&["convert", &yaml, "-o", &toml]);
    assert_eq!(told(&written), format!("written: {toml}\n"));
    assert_eq!(fs::read_to_string(&toml).unwrap(), expected);

    let text = "plan: 1\ntasks: { b: [{ get: / }] }\n";
    fs::write(&yaml, text).unwrap();
    let refused = plan(&["convert", &yaml, "-o", &toml]);
    assert_eq!(refused.status.code(), Some(2));
    let why = format!("error: `{toml}` is there already; --force writes over it\n");
    assert_eq!(told(&refused), why);
    assert_eq!(fs::read_to_string(&toml).unwrap(), expected);
    let forced = plan(&["convert", &yaml, "-o", &toml, "--force"]);
    assert_eq!(forced.status.code(), Some(0), "{}", told(&forced));
    let expected = "plan = 1\n\n[tasks]\nb = [{ get = \"/\" }]\n";
    assert_eq!(fs::read_to_string(&toml).unwrap(), expected);

    let same = plan(&["convert", &yaml, "--to", "yaml"]);
    assert_eq!(String::from_utf8(same.stdout).unwrap(), text);
    let other = plan(&["convert", &yaml, "--to", "yaml", "-o", &path("x.toml")]);
    assert_eq!(other.status.code(), Some(2));
}

#[test]
fn what_has_no_other_spelling_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let yaml = path("plan.yaml");
    let rows = [
        (
            "plan: 1\r\ntasks:\r\n  a:\r\n    - post: /\r\n      json: { x: null }\r\n",
            "has a null in line 5, and TOML has none",
        ),
        ("plan: 1\nlaod: 1\n", "laod"),
        ("plan: [1\n", "error["),
        ("services: 1\n", "is no plan: it has no `plan: 1`"),
    ];
    for (text, why) in rows {
        fs::write(&yaml, text).unwrap();
        let refused = plan(&["convert", &yaml, "-o", &path("plan.toml")]);
        assert_eq!(refused.status.code(), Some(2), "{text}");
        assert!(told(&refused).contains(why), "{}", told(&refused));
        assert!(fs::metadata(path("plan.toml")).is_err());
    }
    // What it includes is not to be found from there.
    fs::write(&yaml, "plan: 1\ninclude: [tasks.yaml]\n").unwrap();
    fs::write(path("tasks.yaml"), "plan: 1\ntasks: { a: [{ get: / }] }\n").unwrap();
    fs::create_dir(path("below")).unwrap();
    let refused = plan(&["convert", &yaml, "-o", &path("below/plan.toml")]);
    assert_eq!(refused.status.code(), Some(3), "{}", told(&refused));
    assert!(
        told(&refused).contains("it could not be read"),
        "{}",
        told(&refused)
    );
    let beside = plan(&["convert", &yaml, "-o", &path("plan.toml")]);
    assert_eq!(beside.status.code(), Some(0), "{}", told(&beside));
}
