//! The schema in the language server that editors use for YAML: what a person
//! who types a plan is offered, and told.
//!
//! `tests/editor/setup` installs it; `PLAN_EDITOR` says where, as `tests/run` does.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

mod server;

use std::{fs, path::Path};

use server::Server;

fn plan(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("plans")
        .join(name);
    fs::read_to_string(path).unwrap()
}

/// The text with a line put in below the first one that begins so.
fn with_line(text: &str, below: &str, line: &str) -> String {
    let at = text.find(below).unwrap() + below.len();
    let end = at + text[at..].find('\n').unwrap() + 1;
    format!("{}{line}\n{}", &text[..end], &text[end..])
}

#[test]
fn the_flagship_has_nothing_to_be_told_of_and_its_keys_are_explained() {
    let Some(mut editor) = Server::start() else {
        return;
    };
    let text = plan("flaskr_endurance.yaml");
    assert_eq!(editor.open("flaskr_endurance.yaml", &text), [""; 0]);
    for (word, told) in [
        ("ramp_up", "time over which the load rises"),
        ("on_start", "steps"),
        ("wait", "thinks"),
        ("thresholds", "whether the run passes"),
        ("absent", "matches nothing"),
    ] {
        let shown = editor.hover(&text, word);
        assert!(
            shown.to_lowercase().contains(&told.to_lowercase()),
            "{word}: {shown}"
        );
    }
}

#[test]
fn the_tasks_of_the_flagship_are_explained_too() {
    let Some(mut editor) = Server::start() else {
        return;
    };
    let text = plan("flaskr/tasks.yaml");
    assert_eq!(editor.open("flaskr/tasks.yaml", &text), [""; 0]);
    for word in ["post", "form", "extract", "final_path"] {
        assert_ne!(editor.hover(&text, word), "", "{word}");
    }
}

#[test]
fn keys_are_completed_where_they_belong() {
    let Some(mut editor) = Server::start() else {
        return;
    };
    let flagship = plan("flaskr_endurance.yaml");

    let text = with_line(&flagship, "load:", "  ramp");
    editor.open("load.yaml", &text);
    let offered = editor.complete(&text, "  ramp\n");
    assert!(offered.contains(&"ramp_down".to_owned()), "{offered:?}");
    assert!(!offered.contains(&"weight".to_owned()), "{offered:?}");

    let text = with_line(&flagship, "  editor:", "    on_start_");
    editor.open("class.yaml", &text);
    let offered = editor.complete(&text, "    on_start_\n");
    assert!(offered.contains(&"on_start_fail".to_owned()), "{offered:?}");

    let text = with_line(&flagship, "  expect:", "    fin");
    editor.open("expect.yaml", &text);
    let offered = editor.complete(&text, "    fin\n");
    assert!(offered.contains(&"final_path".to_owned()), "{offered:?}");
}

#[test]
fn a_misspelt_key_is_underlined_while_it_is_typed() {
    let Some(mut editor) = Server::start() else {
        return;
    };
    let text = plan("flaskr_endurance.yaml").replace("ramp_up: 2m", "rampup: 2m");
    let told = editor.open("flaskr_endurance.yaml", &text);
    assert_eq!(told, ["Property rampup is not allowed."]);
}
