//! Disks that are full, folders that are none, files that something else has changed.

use std::{fs, process::Command};

use super::{folder, json, running::demo::Demo};

#[test]
fn where_nothing_can_be_kept_the_run_goes_on() {
    let folder = folder().file("file", "x");
    let ended = folder.plan(&[
        "run",
        "plan.yaml",
        "--demo",
        "--duration",
        "1s",
        "-q",
        "--out",
        "file/kept",
        "--json",
        "s.json",
    ]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(
        ended.stderr,
        "warning: the run is not kept: cannot write to `file/kept`: Not a directory (os error 20)\n"
    );
    assert_eq!(json(&folder.text("s.json"))["timeline"], json("[]"));
}

/// Files may have 3 KiB here, as if the disk were full then.
#[test]
fn a_disk_that_becomes_full_costs_what_comes_then_and_nothing_else() {
    let demo = Demo::start();
    let folder = folder();
    let output = Command::new("bash")
        .args(["-c", "trap '' XFSZ; ulimit -f 3; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_plan"))
        .args([
            "run",
            "plan.yaml",
            "--target",
            &demo.url,
            "--duration",
            "5s",
            "--out",
            "kept",
        ])
        .current_dir(folder.path(""))
        .output()
        .unwrap();
    let report = String::from_utf8(output.stdout).unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{report}{told}");
    assert!(
        report.contains("\nMissing\n  not all of the run could be kept: File too large"),
        "{report}{told}"
    );
    assert!(
        told.contains("  not kept any more: File too large"),
        "{told}"
    );
    let shown = folder.plan(&["report", "kept"]);
    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
}

#[test]
fn what_something_else_has_changed_is_passed_over_and_told_of() {
    let folder = folder();
    let run = ["run", "plan.yaml", "--demo", "-q", "--out", "kept"];
    folder.plan(&run).exit(0);
    let whole = json(&folder.plan(&["report", "kept", "--json", "-"]).stdout);

    let path = folder.path("kept/seconds-00000000.rec");
    let bytes = fs::read(&path).unwrap();
    let end = folder.path("kept/end.rec");
    let end_bytes = fs::read(&end).unwrap();
    for (at, is_end) in [(20, false), (bytes.len() - 5, false), (30, true)] {
        let mut changed = if is_end {
            end_bytes.clone()
        } else {
            bytes.clone()
        };
        changed[at] ^= 0xff;
        fs::write(if is_end { &end } else { &path }, changed).unwrap();
        let ended = folder.plan(&["report", "kept", "--json", "-"]);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let document = json(&ended.stdout);
        let missing = document["missing"].as_array().unwrap();
        assert!(!missing.is_empty(), "{missing:?}");
        if !is_end {
            // The end of the run has all of it.
            assert_eq!(document["total"], whole["total"]);
        }
        fs::write(&path, &bytes).unwrap();
        fs::write(&end, &end_bytes).unwrap();
    }
    // Without its end it is a run that was killed, and the seconds have all of it.
    fs::remove_file(&end).unwrap();
    let document = json(&folder.plan(&["report", "kept", "--json", "-"]).stdout);
    assert_eq!(document["extent"]["kind"], "until_killed");
    for key in ["total", "rows", "failures", "users", "iterations"] {
        let (mut mine, mut theirs) = (document[key].clone(), whole[key].clone());
        // The run is longer by what came after its last second.
        forget_rates(&mut mine);
        forget_rates(&mut theirs);
        assert_eq!(mine, theirs, "{key}");
    }
    let identity = folder
        .text("kept/run.json")
        .replace("\"format\": 1", "\"format\": 9");
    fs::write(folder.path("kept/run.json"), identity).unwrap();
    folder
        .plan(&["report", "kept"])
        .stderr("error: `kept` is of format 9; this version reads format 1\n")
        .exit(2);
}

fn forget_rates(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(object) => {
            object.remove("rate_per_s");
            object.values_mut().for_each(forget_rates);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(forget_rates),
        _ => {}
    }
}
