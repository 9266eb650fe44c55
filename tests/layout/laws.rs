//! The laws, held against the plans of the repository and against generated ones.

use std::{fs, path::Path};

use plan::{
    plan::{
        ast::Plan,
        format::{NotFormatted, format},
        parse,
    },
    source::{Colour, Diagnostics, FolderLoader, Format, Source, Sources, read, render_text},
};

use crate::generated::{self, Random};

/// How many plans are made up: as many as `PLAN_LAYOUTS` says.
pub fn many() -> u64 {
    std::env::var("PLAN_LAYOUTS").map_or(500, |number| number.parse().unwrap())
}

#[test]
fn every_plan_of_the_repository_is_laid_out_and_all_laws_hold() {
    let all = sources_of_the_repository();
    assert!(all.len() > 20, "{}", all.len());
    for source in all {
        hold(&source);
        let is_shown = !source.path.starts_with("tests/plans");
        let laid_out = format(&source).unwrap();
        assert!(
            laid_out == source.text || !is_shown,
            "plan fmt {}",
            source.path.display()
        );
    }
}

pub fn sources_of_the_repository() -> Vec<Source> {
    let mut all = Vec::new();
    for folder in [
        "plans",
        "plans/flaskr",
        "examples",
        "tests/plans",
        "tests/typical",
    ] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if Format::of(&path).is_some() {
                all.push(read(&path).unwrap());
            }
        }
    }
    all
}

#[test]
fn generated_plans() {
    for seed in 0..many() {
        let source = |ending, format, text| Source {
            path: format!("{seed}.{ending}").into(),
            format,
            text,
        };
        let text = generated::yaml(&mut Random::new(seed));
        hold(&source("yaml", Format::Yaml, text));
        let text = generated::toml(&mut Random::new(seed));
        hold(&source("toml", Format::Toml, text));
    }
}

/// What is torn is refused, or read as something else: never lost, never a panic.
#[test]
fn generated_plans_with_a_piece_missing() {
    for seed in 0..many() {
        let random = &mut Random::new(seed);
        let mut text = generated::yaml(random);
        let signs: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let from = random.below(signs.len());
        let to = (from + 1 + random.below(4)).min(signs.len() - 1);
        text.replace_range(signs[from.min(to)]..signs[to], "");
        let source = Source {
            path: format!("{seed}.yaml").into(),
            format: Format::Yaml,
            text,
        };
        match format(&source) {
            Ok(once) => assert_eq!(numbered(&source.text), numbered(&once), "{}", source.text),
            Err(NotFormatted::Torn(_) | NotFormatted::NoPlan) => {}
            Err(NotFormatted::Breaks(law)) => panic!("{law} {seed}:\n{}", source.text),
        }
    }
}

/// Holds all three laws against one file, by other means than `format` itself.
fn hold(source: &Source) {
    let name = source.path.display();
    let text = &source.text;
    let once = format(source).unwrap_or_else(|why| panic!("{name}: {why:?}\n{text}"));
    let laid_out = Source {
        text: once.clone(),
        ..source.clone()
    };
    let before = parsed(source);
    let after = parsed(&laid_out);
    assert!(before == after, "{name}: {text}\n-- became --\n{once}");
    let twice = format(&laid_out).unwrap();
    assert_eq!(once, twice, "{name}");
    assert_eq!(
        marked(text, source.format),
        marked(&once, source.format),
        "{name}: {text}\n{once}"
    );
    for line in once.lines() {
        assert!(
            !line.contains('\t') || text.contains('\t'),
            "{name}: {line}"
        );
    }
}

/// The numbers of generated comments, also of those that a missing piece made a part
/// of some text.
fn numbered(text: &str) -> Vec<&str> {
    let notes = text.split("# note ").skip(1);
    notes
        .map(|note| {
            note.split(|sign: char| !sign.is_ascii_digit())
                .next()
                .unwrap()
        })
        // The number itself may be missing.
        .filter(|number| !number.is_empty())
        .collect()
}

/// What generated comments have in common.
fn marked(text: &str, format: Format) -> Vec<&str> {
    // Without a blank before it, it is no comment of YAML.
    let begins =
        |at: &usize| *at == 0 || format == Format::Toml || text[..*at].ends_with([' ', '\n']);
    let marks = text.match_indices("# note").map(|(at, _)| at);
    marks
        .filter(begins)
        // A carriage return alone ends a line of YAML too.
        .map(|at| text[at..].lines().next().unwrap().trim_end())
        .collect()
}

fn parsed(source: &Source) -> Plan {
    let mut sources = Sources::new(source.clone());
    let mut found = Diagnostics::new();
    let mut loader = FolderLoader::beside(Path::new(&source.path));
    let plan = parse(&mut sources, &mut loader, &mut found);
    assert!(
        !found.has_errors(),
        "{}\n{}",
        render_text(&sources, &found, Colour::Plain),
        source.text
    );
    plan.unwrap()
}
