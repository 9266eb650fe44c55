//! Files as they lie in a folder: what is wrong with them, and which are refused.

use std::os::unix::fs::symlink;

use crate::{folder, told};

const PLAN: &str = "\
plan: 1
data:
  a: { csv: rows/a.csv }
  b: { json: b.json }
  c: { jsonl: c.jsonl }
  d: { csv: missing.csv }
  e: { csv: e.csv }
users:
  v: { wait: 1s, sequence: [{ get: '/{{ a.x }}/{{ b.x }}/{{ c.x }}/{{ d.x }}/{{ e.x }}' }] }
load: { users: 1, duration: 1s }
";

#[test]
fn all_mistakes_of_all_files_are_told_at_once() {
    let folder = folder(&[
        ("plan.yaml", PLAN.as_bytes()),
        ("rows/a.csv", b"x,y\n1\n2,3,4\n"),
        ("b.json", b"[{\"x\": 1},\n  {\"x\": oops}]"),
        ("c.jsonl", b"{\"x\": 1}\n[2]\n"),
        ("e.csv", b"x\n\xff\n"),
    ]);
    let (told, code) = told(folder.path(), &["validate", "plan.yaml"]);
    assert_eq!(code, Some(2));
    let expected = "\
error[P0205]: line 2 of `rows/a.csv`: 1 value for 2 columns
 --> plan.yaml:3:13
  |
3 |   a: { csv: rows/a.csv }
  |             ^^^^^^^^^^ named here
  |
  = help: an empty value is nothing between two delimiters

error[P0205]: line 3 of `rows/a.csv`: 3 values for 2 columns
 --> plan.yaml:3:13
  |
3 |   a: { csv: rows/a.csv }
  |             ^^^^^^^^^^ named here
  |
  = help: a value with a delimiter in it stands in double quotes: \"Kowalska, Anna\"

error[P0205]: line 2, column 9 of `b.json`: it is not JSON: expected value
 --> plan.yaml:4:14
  |
4 |   b: { json: b.json }
  |              ^^^^^^ named here

error[P0205]: line 2 of `c.jsonl`: a row is an object, and this is a list
 --> plan.yaml:5:15
  |
5 |   c: { jsonl: c.jsonl }
  |               ^^^^^^^ named here

error[P0205]: cannot read `missing.csv`: No such file or directory (os error 2)
 --> plan.yaml:6:13
  |
6 |   d: { csv: missing.csv }
  |             ^^^^^^^^^^^ named here
  |
  = help: paths are relative to the file that names them

error[P0205]: line 2 of `e.csv`: the value of column 1 is not UTF-8
 --> plan.yaml:7:13
  |
7 |   e: { csv: e.csv }
  |             ^^^^^ named here
  |
  = help: save the file as UTF-8

6 errors in plan.yaml
more on this: plan explain P0205
";
    assert_eq!(told, expected);
}

/// What a plan in a pull request could try: by its name, by an absolute one, by links
/// to a file and to a folder. Nothing of the file is shown.
#[test]
fn no_file_outside_the_folder_of_the_plan_is_read() {
    let outside = folder(&[
        ("secret.csv", b"x\nhidden\n"),
        ("secret.json", b"[\"hidden\"]"),
    ]);
    let absolute = outside.path().join("secret.csv");
    let inside = folder(&[("plans/own.csv", b"x\n1\n"), ("own.csv", b"x\n1\n")]);
    let plans = inside.path().join("plans");
    symlink(&absolute, plans.join("linked.csv")).unwrap();
    symlink(outside.path(), plans.join("linked")).unwrap();
    symlink(plans.join("own.csv"), plans.join("within.csv")).unwrap();

    let named = [
        "csv: ../own.csv".to_owned(),
        "json: ../own.csv".to_owned(),
        "jsonl: ../own.csv".to_owned(),
        "csv: linked.csv".to_owned(),
        "json: linked.csv".to_owned(),
        "jsonl: linked.csv".to_owned(),
        "csv: linked/secret.csv".to_owned(),
        "json: linked/secret.json".to_owned(),
        "jsonl: linked/../../own.csv".to_owned(),
        format!("csv: {}", absolute.display()),
        format!("json: {}", absolute.display()),
        format!("jsonl: {}", absolute.display()),
        "csv: ../../nothing/there.csv".to_owned(),
    ];
    for named in named {
        let (told, code) = validated(&plans, &named);
        assert_eq!(code, Some(2), "{named}: {told}");
        assert!(
            told.contains("a plan reads only files below its own folder"),
            "{named}: {told}"
        );
        assert!(!told.contains("hidden"), "{told}");
    }
    let (told, code) = validated(&plans, "csv: within.csv");
    assert_eq!(code, Some(0), "a link that stays inside: {told}");
}

fn validated(folder: &std::path::Path, named: &str) -> (String, Option<i32>) {
    let plan = format!(
        "\
plan: 1
data: {{ a: {{ {named} }} }}
users:
  v: {{ wait: 1s, sequence: [{{ get: '/{{{{ a.x }}}}' }}] }}
load: {{ users: 1, duration: 1s }}
"
    );
    std::fs::write(folder.join("plan.yaml"), plan).unwrap();
    told(folder, &["validate", "plan.yaml"])
}

#[test]
fn what_is_no_file_is_told() {
    let folder = folder(&[("rows/a.csv", b"x\n1\n")]);
    let (told, _) = validated(folder.path(), "csv: rows");
    assert!(
        told.starts_with("error[P0205]: cannot read `rows`: is a directory\n"),
        "{told}"
    );
}
