//! `plan init`: each kind in both formats is a plan without a fault, and works.

use serde_json::Value;

use crate::shell::Folder;

const KINDS: [&str; 7] = [
    "endurance",
    "load",
    "stress",
    "scalability",
    "spike",
    "concurrency",
    "capacity",
];

/// A folder with all kinds, in both formats.
fn all() -> (Folder, Vec<String>) {
    let folder = Folder::new();
    let mut names = Vec::new();
    for kind in KINDS {
        for ending in ["yaml", "toml"] {
            let name = format!("{kind}.{ending}");
            let ended = folder.plan(&["init", "--kind", kind, &name]);
            assert_eq!(ended.code, Some(0), "{}", ended.stderr);
            names.push(name);
        }
    }
    (folder, names)
}

#[test]
fn each_kind_is_valid_and_laid_out() {
    let (folder, names) = all();
    for name in &names {
        let kind = name.split('.').next().unwrap();
        let text = folder.text(name);
        assert!(text.contains(kind), "{name}: {text}");
        assert!(text.contains("schema=plan.schema.json") || text.starts_with("#:schema plan.s"));
        // What it says of itself is about itself.
        let commands = text.matches("plan run ").count();
        assert_eq!(commands, text.matches(&format!("plan run {name}")).count());
    }
    for command in [["validate", "--strict"], ["fmt", "--check"]] {
        let args: Vec<&str> = command
            .into_iter()
            .chain(names.iter().map(String::as_str))
            .collect();
        let ended = folder.plan(&args);
        assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    }
}

#[test]
fn each_kind_is_the_same_plan_in_both_formats() {
    let (folder, _) = all();
    for kind in KINDS {
        let (yaml, toml) = (format!("{kind}.yaml"), format!("{kind}.toml"));
        let ended = folder.plan(&["diff", &yaml, &toml]);
        assert_eq!(ended.code, Some(0), "{}", ended.stdout);
    }
}

#[test]
fn each_kind_can_be_tried_on_the_demo() {
    let (folder, names) = all();
    for name in &names {
        let ended = folder.plan(&["try", name, "--demo", "--quiet"]);
        assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
        assert!(ended.stdout.contains("all as expected"), "{}", ended.stdout);
    }
}

/// A short run of each, one after the other. How fast it is says nothing here.
#[test]
fn each_kind_runs_against_the_demo_without_a_failure() {
    let (folder, _) = all();
    for kind in KINDS {
        let name = format!("{kind}.yaml");
        let summary = format!("{kind}.json");
        let mut args = vec!["run", &name, "--demo", "--quiet", "--json", &summary];
        args.extend(["--wait-scale", "0.01"]);
        if kind == "capacity" {
            args.extend([
                "--set",
                "load.find.to=15 users",
                "--set",
                "load.find.hold=1s",
            ]);
            args.extend([
                "--set",
                "load.find.settle=500ms",
                "--set",
                "load.find.cool_down=0s",
            ]);
        } else {
            args.extend(["--duration", "1500ms"]);
            args.extend(["--ramp-up", "500ms", "--ramp-down", "500ms"]);
        }
        if kind == "spike" {
            args.extend(["--set", "users.crowd.load.start_after=500ms"]);
            args.extend(["--set", "users.crowd.load.duration=500ms"]);
        }
        if kind == "stress" {
            args.extend(["--users", "20"]);
        }
        let ended = folder.plan(&args);
        let told = format!("{kind}: {}{}", ended.stdout, ended.stderr);
        assert!(matches!(ended.code, Some(0 | 1)), "{told}");
        let summary: Value = serde_json::from_str(&folder.text(&summary)).unwrap();
        let total = &summary["total"];
        assert_eq!(total["failed"], 0, "{told}");
        assert!(total["requests"].as_u64() > Some(20), "{told}");
    }
}

#[test]
fn it_asks_nothing_and_writes_over_nothing() {
    let folder = Folder::new();
    let ended = folder.plan(&["init"]);
    assert_eq!(ended.code, Some(0));
    assert_eq!(ended.stdout, "");
    assert_eq!(
        ended.stderr,
        "\
written: plan.yaml
next:
  plan validate plan.yaml         finds mistakes, sends nothing
  plan try plan.yaml --demo       everything once, on the built-in demo
  plan run plan.yaml --demo --duration 20s --ramp-up 1s --ramp-down 1s --wait-scale 0.05
  plan schema > plan.schema.json  for the editor, beside the plan
"
    );
    let first = folder.text("plan.yaml");
    assert!(first.contains("name: endurance"));

    let again = folder.plan(&["init", "--kind", "load"]);
    assert_eq!(again.code, Some(2));
    let why = "error: `plan.yaml` is there already; --force writes over it\n";
    assert_eq!(again.stderr, why);
    assert_eq!(folder.text("plan.yaml"), first);
    let forced = folder.plan(&["init", "--kind", "load", "--force"]);
    assert_eq!(forced.code, Some(0), "{}", forced.stderr);
    assert!(folder.text("plan.yaml").contains("name: load"));

    let toml = folder.plan(&["init", "--toml"]);
    assert_eq!(toml.code, Some(0), "{}", toml.stderr);
    assert!(folder.text("plan.toml").contains("name = \"endurance\""));
    for (args, code) in [
        (["init", "plan.txt"].as_slice(), 2),
        (&["init", "--toml", "other.yaml"], 2),
        (&["init", "--kind", "endurence"], 2),
        (&["init", "nowhere/plan.yaml"], 3),
    ] {
        let ended = folder.plan(args);
        assert_eq!(ended.code, Some(code), "{args:?}: {}", ended.stderr);
    }
}
