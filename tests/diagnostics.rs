//! What is said of mistakes: strictly, to programs, and at length.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

mod shell;

use serde_json::{Value, json};
use shell::Folder;

const GOOD: &str = "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [index] }
tasks:
  index: [{ get: / }]
load: { users: 1, duration: 1m }
";

/// A slip in an included file, a warning in the plan itself.
fn folder() -> Folder {
    Folder::new()
        .file("good.yaml", GOOD)
        .file(
            "warned.yaml",
            "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [index] }
tasks:
  index: [{ get: / }]
  forgotten: [{ get: / }]
load: { users: 1, duration: 1m }
",
        )
        .file(
            "wrong.yaml",
            "\
plan: 1
include: [more/tasks.yaml]
users:
  ŁuczniczQA: { wait: 1s, tasks: { ćma: 1, logn: 1 } }
tasks:
  ćma: [{ get: '/ł/{{ usr.id }}' }]
load: { users: 1, duration: 1m }
",
        )
        .file(
            "more/tasks.yaml",
            "plan: 1\ntasks:\n  login: [{ get: / }]\n",
        )
}

#[test]
fn strict_means_that_warnings_fail() {
    let folder = folder();
    let lenient = folder.plan(&["validate", "warned.yaml", "good.yaml"]);
    assert_eq!(
        lenient.stdout,
        "warned.yaml: ok, 1 warning\ngood.yaml: ok\n2 plans: 2 ok\n"
    );
    let told = lenient.stderr.clone();
    lenient.exit(0);

    let strict = folder.plan(&["validate", "--strict", "warned.yaml", "good.yaml"]);
    assert_eq!(
        strict.stdout,
        "good.yaml: ok\n2 plans: 1 ok, 1 with 1 warning\n"
    );
    strict.stderr(&told).exit(2);
    folder
        .plan(&["validate", "--strict", "good.yaml"])
        .stderr("")
        .exit(0);
}

#[test]
fn several_plans_have_one_hint_at_the_end() {
    let told = folder()
        .plan(&["validate", "warned.yaml", "wrong.yaml", "warned.yaml"])
        .stderr;
    assert_eq!(told.matches("more on").count(), 1);
    assert!(
        told.ends_with("in warned.yaml\nmore on these: plan explain P0101 P0302 P0110\n"),
        "{told}"
    );
}

#[test]
fn programs_get_a_line_for_each_mistake() {
    let ended = folder().plan(&["validate", "--format", "json", "wrong.yaml", "good.yaml"]);
    assert_eq!(
        ended.stdout,
        r#"{"plan":"wrong.yaml","file":"wrong.yaml","line":4,"column":44,"end_line":4,"end_column":48,"severity":"error","code":"P0101","message":"there is no task `logn`","labels":[{"file":"wrong.yaml","line":4,"column":44,"end_line":4,"end_column":48,"text":"named here"},{"file":"more/tasks.yaml","line":3,"column":3,"end_line":3,"end_column":8,"text":"`login` is defined here"}],"help":["did you mean `login`?"],"fix":null}
{"plan":"wrong.yaml","file":"wrong.yaml","line":6,"column":23,"end_line":6,"end_column":29,"severity":"error","code":"P0302","message":"nothing sets `usr.id`","labels":[{"file":"wrong.yaml","line":6,"column":23,"end_line":6,"end_column":29,"text":"read here"}],"help":["did you mean `user.id`?"],"fix":null}
"#
    );
    ended.stderr("").exit(2);
}

#[test]
fn programs_are_told_too_of_files_that_cannot_be_read_and_of_what_is_left_out() {
    let many: String = (0..103)
        .map(|n| format!("  unused_{n}: [{{ get: / }}]\n"))
        .collect();
    let plan = GOOD.replace("load:", &format!("{many}load:"));
    let ended = folder().file("many.yaml", plan).plan(&[
        "validate",
        "--format",
        "json",
        "--strict",
        "gone.yaml",
        "many.yaml",
    ]);
    let lines: Vec<Value> = objects(&ended.stdout);
    assert_eq!(lines.len(), 102);
    assert_eq!(
        lines[0],
        json!({
            "plan": "gone.yaml", "file": "gone.yaml",
            "line": null, "column": null, "end_line": null, "end_column": null,
            "severity": "error", "code": null,
            "message": "cannot read `gone.yaml`: No such file or directory (os error 2)",
            "labels": [], "help": [], "fix": null,
        })
    );
    assert_eq!(lines[101]["message"], "3 more were left out");
    assert_eq!(lines[101]["severity"], "note");
    ended.stderr("").exit(2);
}

/// What a program can count on, whatever is wrong.
#[test]
fn every_line_for_programs_has_the_same_shape() {
    let place = json!({
        "file": { "type": "string" },
        "line": { "type": ["integer", "null"], "minimum": 1 },
        "column": { "type": ["integer", "null"], "minimum": 1 },
        "end_line": { "type": ["integer", "null"], "minimum": 1 },
        "end_column": { "type": ["integer", "null"], "minimum": 1 },
    });
    let mut label = place.clone();
    label["text"] = json!({ "type": "string" });
    let mut line = place;
    line["plan"] = json!({ "type": "string" });
    line["severity"] = json!({ "enum": ["error", "warning", "note"] });
    line["code"] = json!({ "type": ["string", "null"], "pattern": "^P[0-9]{4}$" });
    line["message"] = json!({ "type": "string" });
    line["labels"] = json!({ "type": "array", "items": closed(&label) });
    line["help"] = json!({ "type": "array", "items": { "type": "string" } });
    let mut fix = label.clone();
    fix["certain"] = json!({ "type": "boolean" });
    line["fix"] = json!({ "anyOf": [closed(&fix), { "type": "null" }] });
    let schema = jsonschema::draft202012::new(&closed(&line)).unwrap();

    let mut folder = folder();
    let mut args = vec!["validate".to_owned(), "--format=json".to_owned()];
    for rule in plan::plan::rules::all() {
        let name = format!("{}.yaml", rule.code);
        folder = folder.file(&name, rule.example);
        args.push(name);
    }
    args.extend(["gone.yaml".to_owned(), "more".to_owned()]);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let ended = folder.plan(&args);
    let lines = objects(&ended.stdout);
    for line in &lines {
        schema.validate(line).unwrap();
    }
    for rule in plan::plan::rules::all() {
        assert!(
            lines.iter().any(|line| line["code"] == rule.code),
            "{}",
            rule.code
        );
    }
    ended.stderr("").exit(2);
}

/// An object that has these keys and no others.
fn closed(properties: &Value) -> Value {
    let required: Vec<_> = properties.as_object().unwrap().keys().collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn objects(lines: &str) -> Vec<Value> {
    let lines = lines.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_code_is_explained_with_an_example() {
    let ended = folder().plan(&["explain", "p0104"]);
    assert_eq!(
        ended.stdout,
        "\
warning[P0104]: a weight or a count of 0

What has weight 0 is never chosen, so its requests never appear in the report, and
nobody notices that they are missing: the run is green because nothing was asked.
Most often somebody switched it off to look at something else, and forgot.

Leave it out, or give it a weight of at least 1. If it is to stay in the file for
later, make it a comment: then a reviewer sees that it does not run.

A plan that has it

  plan: 1
  users:
    visitor: { wait: 1s, tasks: { index: 4, search: 0 } }
  tasks:
    index: [{ get: / }]
    search: [{ get: /search }]
  load: { users: 5, duration: 1m }

The same plan, mended

  plan: 1
  users:
    visitor: { wait: 1s, tasks: { index: 4, search: 1 } }
  tasks:
    index: [{ get: / }]
    search: [{ get: /search }]
  load: { users: 5, duration: 1m }
"
    );
    ended.stderr("").exit(0);
}

#[test]
fn without_a_code_all_are_listed() {
    let ended = folder().plan(&["explain"]);
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert_eq!(lines.len(), plan::plan::rules::all().count());
    assert_eq!(
        lines[..2],
        [
            "P0001  error    the text cannot be read as YAML or TOML",
            "P0002  error    a key that is not known here",
        ]
    );
    assert!(lines.contains(&"P0110  warning  a task that nobody runs"));
    ended.stderr("").exit(0);
}

#[test]
fn explanations_are_there_for_programs_too() {
    let folder = folder();
    let all = folder.plan(&["explain", "--format", "json"]);
    let all: Vec<Value> = serde_json::from_str(&all.stdout).unwrap();
    assert_eq!(all.len(), plan::plan::rules::all().count());
    let two = folder.plan(&["explain", "--format", "json", "P0302", "P0001"]);
    let two: Vec<Value> = serde_json::from_str(&two.stdout).unwrap();
    assert_eq!(two[0]["code"], "P0302");
    assert_eq!(two[1], all[0]);
    let keys: Vec<_> = two[1].as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "code",
            "severity",
            "summary",
            "explanation",
            "example",
            "mended"
        ]
    );
}

#[test]
fn a_wrong_code_ends_with_2_and_names_the_nearest() {
    let folder = folder();
    folder
        .plan(&["explain", "P0301", "PO302"])
        .stderr("error: there is no code `PO302`; did you mean `P0302`?\n")
        .exit(2);
    folder
        .plan(&["explain", "weights"])
        .stderr("error: there is no code `weights`; `plan explain` lists them all\n")
        .exit(2);
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let folder = folder();
    let ended = folder.plan(&["explain", "P0302", "--color", "always"]);
    assert!(ended.stdout.starts_with("\x1b["), "{}", ended.stdout);
    let ended = folder.plan(&["validate", "wrong.yaml", "--color", "always"]);
    let last = ended.stderr.lines().last().unwrap();
    assert_eq!(
        last,
        "\x1b[2mmore on these: plan explain P0101 P0302\x1b[0m"
    );
}

#[test]
fn folders_are_walked_in_order_and_what_cannot_be_read_keeps_no_other_from_being_checked() {
    let folder = folder()
        .file("plans/b.yml", GOOD)
        .file("plans/a/z.toml", "plan = 1\n[[tasks.index]]\nget = '/'\n")
        .file("plans/latin.yaml", b"plan: 1\nname: \xB3\n")
        .file("plans/notes.txt", "no plan")
        .file("plans/.hidden/x.yaml", "no plan")
        .file("plans/target/x.yaml", "no plan")
        .file("empty/notes.txt", "no plan");
    let args = ["validate", "plans/b.yml", "plans/", "wrong.yaml", "empty"];
    let ended = folder.plan(&args);
    assert_eq!(
        ended.stdout,
        "\
plans/b.yml: ok
plans/a/z.toml: ok (a fragment: checked through the plans that include it)
5 plans: 2 ok, 1 with 2 errors, 2 not read
"
    );
    assert!(
        ended.stderr.starts_with(
            "error: cannot read `plans/latin.yaml`: line 2 is not UTF-8 (save the file as UTF-8)\n\
             error[P0101]"
        ),
        "{}",
        ended.stderr
    );
    let none = "error: there is no plan in `empty`: no file that ends in .yaml, .yml or .toml\n\
                more on these: plan explain P0101 P0302\n";
    assert!(ended.stderr.ends_with(none), "{}", ended.stderr);
    ended.exit(2);

    let quiet = folder.plan(&["validate", "-q", "plans/a", "plans/b.yml"]);
    assert_eq!(quiet.stdout, "");
    quiet.stderr("").exit(0);
}

#[test]
fn many_plans_are_told_of_in_their_order_whoever_was_faster() {
    let mut folder = Folder::new();
    let mut expected = String::new();
    for n in 0..60 {
        // The first ones are the longest.
        let tasks: String = (n..60)
            .map(|n| format!("  task_{n}: [{{ get: / }}]\n"))
            .collect();
        folder = folder.file(
            &format!("{n:02}.yaml"),
            GOOD.replace("load:", &format!("{tasks}load:")),
        );
        let warnings = match 60 - n {
            1 => "1 warning".to_owned(),
            more => format!("{more} warnings"),
        };
        expected.push_str(&format!("./{n:02}.yaml: ok, {warnings}\n"));
    }
    expected.push_str("60 plans: 60 ok\n");
    assert_eq!(folder.plan(&["validate", "."]).stdout, expected);
}

#[test]
fn github_gets_an_annotation_for_each_mistake_once() {
    let folder = folder()
        .file(
            "again.yaml",
            "plan: 1\ninclude: [broken/tasks.yaml]\nusers:\n  v: { wait: 1s, tasks: [login] }\n\
             load: { users: 1, duration: 1m }\n",
        )
        .file(
            "broken/tasks.yaml",
            "plan: 1\ntasks:\n  login: [{ gett: / }]\n",
        );
    let ended = folder.plan(&[
        "validate",
        "--format",
        "github",
        "wrong.yaml",
        "good.yaml",
        "gone.yaml",
        "./warned.yaml",
    ]);
    assert_eq!(
        ended.stdout,
        "\
::error file=wrong.yaml,line=4,col=44,endLine=4,endColumn=48,title=P0101::there is no task `logn`%0Amore/tasks.yaml:3:3: `login` is defined here%0Ahelp: did you mean `login`?
::error file=wrong.yaml,line=6,col=23,endLine=6,endColumn=29,title=P0302::nothing sets `usr.id`%0Ahelp: did you mean `user.id`?
::error file=gone.yaml::cannot read `gone.yaml`: No such file or directory (os error 2)
::warning file=warned.yaml,line=6,col=3,endLine=6,endColumn=12,title=P0110::task `forgotten` is never used
"
    );
    ended.stderr("").exit(2);

    let twice = folder.plan(&["validate", "--format", "github", "again.yaml", "broken"]);
    let about = "::error file=broken/tasks.yaml,line=3,";
    assert_eq!(twice.stdout.matches(about).count(), 1, "{}", twice.stdout);
    twice.exit(2);
}

#[test]
fn sarif_is_one_document_with_rules_places_and_fixes() {
    let folder = folder().file(
        "odd name.yaml",
        "plan: 1\ntasks:\n  \u{1F600}: [{ gett: / }]\n",
    );
    let args = ["validate", "--format", "sarif"];
    let told = folder.plan(&[&args[..], &["wrong.yaml", "odd name.yaml", "gone.yaml"]].concat());
    let document: Value = serde_json::from_str(&told.stdout).unwrap();
    told.stderr("").exit(2);
    assert_eq!(document["version"], "2.1.0");
    assert_eq!(document["runs"].as_array().unwrap().len(), 1);
    let run = &document["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    for rule in rules {
        for text in ["shortDescription", "fullDescription", "help"] {
            assert_ne!(rule[text]["text"].as_str().unwrap(), "", "{rule}");
        }
    }
    let mut first = results[0].clone();
    first.as_object_mut().unwrap().remove("ruleIndex");
    let place = |uri: &str, line: u32, column: u32, end_column: u32, text: &str| {
        json!({
            "physicalLocation": {
                "artifactLocation": { "uri": uri },
                "region": {
                    "startLine": line, "startColumn": column,
                    "endLine": line, "endColumn": end_column,
                },
            },
            "message": { "text": text },
        })
    };
    assert_eq!(
        first,
        json!({
            "ruleId": "P0101",
            "level": "error",
            "message": { "text": "there is no task `logn`\ndid you mean `login`?" },
            "locations": [place("wrong.yaml", 4, 44, 48, "named here")],
            "relatedLocations": [place("more/tasks.yaml", 3, 3, 8, "`login` is defined here")],
        })
    );
    let odd = results.iter().find(|result| {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "odd%20name.yaml"
    });
    // The face is one character and two units.
    let region = &odd.unwrap()["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region["startColumn"], 10, "{region}");
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let told = &invocation["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(
        told,
        "cannot read `gone.yaml`: No such file or directory (os error 2)"
    );
}

#[test]
fn sarif_has_the_fixes_and_is_whole_where_nothing_is_wrong() {
    let args = ["validate", "--format", "sarif"];
    let folder = folder().file("tab.yaml", "plan: 1\nname: {{ x }}\n");
    let told = folder.plan(&[&args[..], &["tab.yaml"]].concat());
    let document: Value = serde_json::from_str(&told.stdout).unwrap();
    let json = folder.plan(&["validate", "--format", "json", "tab.yaml"]);
    let json = objects(&json.stdout);
    let json = &json.iter().find(|line| !line["fix"].is_null()).unwrap();
    let mut results = document["runs"][0]["results"].as_array().unwrap().iter();
    let mended = results.find(|result| result.get("fixes").is_some());
    let change = &mended.unwrap()["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "tab.yaml");
    let replacement = &change["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], json["fix"]["text"]);
    assert_eq!(
        replacement["deletedRegion"]["startColumn"],
        json["fix"]["column"]
    );
    assert!(json["fix"]["text"].is_string(), "{json}");

    let none = folder.plan(&[&args[..], &["good.yaml"]].concat());
    let document: Value = serde_json::from_str(&none.stdout).unwrap();
    assert_eq!(document["runs"][0]["results"], json!([]));
    none.exit(0);
    folder
        .plan(&[&args[..], &["--explain", "good.yaml"]].concat())
        .stderr("error: `--explain` is told as text or json only\n")
        .exit(2);
}
