//! What reading finds in a plan, told by code, place and words.

use std::path::Path;

use plan::{
    plan::{ast::Plan, parse},
    source::{Diagnostics, FolderLoader, Sources, read},
};

/// Reads a plan of the repository.
fn from_folder(path: &str) -> (Option<Plan>, Vec<String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let mut loader = FolderLoader::beside(&root);
    let mut sources = Sources::new(read(&root).unwrap());
    let mut found = Diagnostics::new();
    let plan = parse(&mut sources, &mut loader, &mut found);
    (plan, told(&sources, &found))
}

/// A line per diagnostic: `plan.yaml:3:5 P0002 message`, then its other places
/// and proposals, indented.
fn told(sources: &Sources, found: &Diagnostics) -> Vec<String> {
    found
        .sorted()
        .into_iter()
        .map(|diagnostic| {
            let place = |label: &plan::source::Label| {
                let (line, column) = sources.line_and_column(label.span);
                let file = &sources.get(label.span.file).path;
                format!("{}:{line}:{column}", file.display())
            };
            let (first, others) = diagnostic.labels.split_first().expect("a place");
            let mut text = format!(
                "{} {} {}",
                place(first),
                diagnostic.code,
                diagnostic.message
            );
            for label in others {
                text.push_str(&format!("\n  {} {}", place(label), label.text));
            }
            for help in &diagnostic.help {
                text.push_str(&format!("\n  help: {help}"));
            }
            text
        })
        .collect()
}

#[test]
fn the_flagship_reads_without_a_word() {
    let (plan, told) = from_folder("plans/flaskr_endurance.yaml");
    assert_eq!(told, Vec::<String>::new());
    let plan = plan.unwrap();
    assert_eq!((plan.users.len(), plan.tasks.len()), (3, 8));
}

#[test]
fn the_flagship_in_toml_is_the_same_plan() {
    let (yaml, _) = from_folder("plans/flaskr_endurance.yaml");
    let (toml, told) = from_folder("plans/flaskr_endurance.toml");
    assert_eq!(told, Vec::<String>::new());
    // Not `assert_eq!`: nobody reads two plans printed in one line each.
    assert!(yaml.is_some() && yaml == toml);
}
