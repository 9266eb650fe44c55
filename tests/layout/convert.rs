//! From each format to the other and back, with every comment.

use std::path::Path;

use plan::{
    plan::{
        fingerprint,
        format::{Destination, NotConverted, convert, format},
        parse, print,
    },
    source::{Colour, Diagnostics, FolderLoader, Format, Source, Sources, read, render_text},
};

use crate::{
    generated::{self, Random},
    laws::{many, sources_of_the_repository},
};

fn other(format: Format) -> Format {
    match format {
        Format::Yaml => Format::Toml,
        Format::Toml => Format::Yaml,
    }
}

fn converted(source: &Source) -> Result<Source, NotConverted> {
    let format = other(source.format);
    let path = source.path.with_extension(match format {
        Format::Yaml => "yaml",
        Format::Toml => "toml",
    });
    let text = convert(
        source,
        &mut FolderLoader::beside(&source.path),
        &mut Destination {
            path: &path,
            format,
            loader: &mut FolderLoader::beside(&path),
        },
    )?;
    Ok(Source { path, format, text })
}

fn written(text: &str, format: Format) -> Source {
    let name = match format {
        Format::Yaml => "plan.yaml",
        Format::Toml => "plan.toml",
    };
    Source {
        path: name.into(),
        format,
        text: text.to_owned(),
    }
}

/// What a plan says, as its printed document does; and its fingerprint.
fn meaning(source: &Source) -> (serde_json::Value, String) {
    let mut sources = Sources::new(source.clone());
    let mut found = Diagnostics::new();
    let mut loader = FolderLoader::beside(Path::new(&source.path));
    let plan = parse(&mut sources, &mut loader, &mut found);
    let told = render_text(&sources, &found, Colour::Plain);
    assert!(!found.has_errors(), "{told}\n{}", source.text);
    let plan = plan.unwrap();
    (print(&plan, &sources), fingerprint(&plan, &sources))
}

/// All comments, in no order; the one for editors has a spelling for each format.
fn comments(source: &Source, mark: &str) -> Vec<String> {
    let lines = source.text.lines();
    let mut comments: Vec<String> = lines
        .map(|line| line.replace("#:schema ", "# yaml-language-server: $schema="))
        .filter_map(|line| Some(line[line.find(mark)?..].trim_end().to_owned()))
        .collect();
    comments.sort();
    comments
}

fn there_and_back(source: &Source, mark: &str) {
    let name = source.path.display();
    let text = &source.text;
    let there = converted(source).unwrap_or_else(|why| panic!("{name}: {why:?}\n{text}"));
    let back = converted(&there).unwrap_or_else(|why| panic!("{name}: {why:?}\n{}", there.text));
    let shown = format!(
        "{name}:\n{text}\n-- became --\n{}\n-- became --\n{}",
        there.text, back.text
    );
    for each in [&there, &back] {
        assert_eq!(meaning(source), meaning(each), "{shown}");
        assert_eq!(comments(source, mark), comments(each, mark), "{shown}");
        assert_eq!(format(each).unwrap(), each.text, "{shown}");
    }
    assert_eq!(back.format, source.format);
}

#[test]
fn every_plan_of_the_repository_goes_there_and_back() {
    let mut count = 0;
    for source in sources_of_the_repository() {
        match converted(&source) {
            // It has all that there is, null too, which TOML has not.
            Err(NotConverted::Null { .. }) => {
                assert_eq!(source.path, Path::new("tests/plans/everything.yaml"));
            }
            Ok(_) | Err(_) => {
                there_and_back(&source, "# ");
                count += 1;
            }
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn generated_plans_go_there_and_back() {
    for seed in 0..many() {
        let text = generated::yaml(&mut Random::new(seed));
        there_and_back(&written(&text, Format::Yaml), "# note");
        let text = generated::toml(&mut Random::new(seed));
        there_and_back(&written(&text, Format::Toml), "# note");
    }
}

/// Numbers, texts and comments wherever they may stand: exactly what becomes of them.
#[test]
fn odd_values_and_comments_have_their_place() {
    let odd = written(include_str!("odd/plan.yaml"), Format::Yaml);
    there_and_back(&odd, "# ");
    let toml = converted(&odd).unwrap();
    assert_eq!(toml.text, include_str!("odd/plan.toml"));
    assert_eq!(
        converted(&toml).unwrap().text,
        include_str!("odd/back.yaml")
    );
}

/// The flagship is there in both formats, written by hand.
#[test]
fn twins_mean_the_same() {
    for name in [
        "plans/flaskr_endurance.yaml",
        "examples/flow.yaml",
        "examples/data.yaml",
    ] {
        let yaml = converted(&read(Path::new(name)).unwrap()).unwrap();
        let toml = read(&Path::new(name).with_extension("toml")).unwrap();
        assert_eq!(meaning(&yaml).1, meaning(&toml).1, "{name}");
    }
}
