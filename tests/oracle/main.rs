//! The reader against another one: the same documents, the same values.
//!
//! The other reader is `yaml_serde`, the maintained successor of `serde_yaml`:
//! it stands on a translation of libyaml, and shares no line with the parser that
//! plans are read with. Documents are made from values with a seed, in every
//! style that plans may have, so that there is a third opinion: the value that a
//! document was made from. The way in is `vars`, which takes any value.
//!
//! TOML is read by the `toml` crate itself, and only what becomes of it is ours;
//! there the same values are the oracle.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

mod generator;

use std::{collections::BTreeMap, path::Path};

use generator::{Random, Tree, Writer, many};
use plan::{
    base::value::Value,
    plan::{ast::Literal, parse},
    source::{Diagnostics, Format, MemoryLoader, Source, Sources},
};

const DOCUMENTS: u64 = 3_000;

/// What stands before a generated value: a plan that can be read.
const BEGIN: &str = "plan: 1\nusers: { u: { wait: none, sequence: [wait] } }\nvars:\n  v:";

#[test]
fn generated_documents_mean_the_same_to_another_reader() {
    let (mut aliases, mut merges) = (0, 0);
    for seed in 0..DOCUMENTS {
        let mut random = Random::new(seed);
        let tree = Tree::List(many(&mut random, 4));
        let mut writer = Writer::new(&mut random);
        writer.text.push_str(BEGIN);
        writer.value(&tree, 2);
        let text = writer.text;
        aliases += text.matches(" *a").count();
        merges += text.matches("<<: *a").count();
        assert_eq!(
            theirs(&text).as_ref(),
            Ok(&tree),
            "document {seed}, theirs:\n{text}"
        );
        assert_eq!(
            ours("plan.yaml", &text).as_ref(),
            Ok(&tree),
            "document {seed}, ours:\n{text}"
        );
    }
    assert!(merges > 20, "only {merges} merges");
    assert!(aliases > 500, "only {aliases} aliases");
}

/// Where one sign is changed, both may refuse; where none does, they agree.
#[test]
fn changed_documents_mean_the_same_where_both_accept_them() {
    const SIGNS: &[char] = &[
        ' ', '\n', ':', ',', '-', '#', '\'', '"', '[', ']', '{', '}', '0', '1', '.', 'e', 'x', '_',
    ];
    let mut both = 0;
    for seed in 0..DOCUMENTS {
        let mut random = Random::new(seed);
        let tree = Tree::List(many(&mut random, 2));
        let mut writer = Writer::new(&mut random);
        writer.text.push_str(BEGIN);
        writer.value(&tree, 2);
        let mut signs: Vec<char> = writer.text.chars().collect();
        let begin = BEGIN.len();
        for _ in 0..=random.below(2) {
            let at = begin + random.below(signs.len() - begin);
            match random.chance(50) {
                true => signs[at] = SIGNS[random.below(SIGNS.len())],
                false => signs.insert(at, SIGNS[random.below(SIGNS.len())]),
            }
        }
        let text: String = signs.into_iter().collect();
        let (Ok(ours), Ok(theirs)) = (ours("plan.yaml", &text), theirs(&text)) else {
            continue;
        };
        if has_odd_anchor(&text) {
            continue;
        }
        both += 1;
        assert!(
            agree(&ours, &theirs),
            "document {seed}:\n{text}\nours   {ours:?}\ntheirs {theirs:?}"
        );
    }
    assert!(both > 500, "only {both} were accepted by both");
}

/// The differences that are meant. Each has its reason.
#[test]
fn where_the_readers_differ_it_is_meant() {
    let text = |text: &str| Tree::Text(text.to_owned());
    let rows = [
        // The core schema of YAML 1.2 has numbers with zeros before them; a form
        // sends `007` all the same, since it takes the text as written.
        ("007", Tree::Int(7), text("007")),
        ("-010", Tree::Int(-10), text("-010")),
        // Binary numbers are of YAML 1.1.
        ("0b11", text("0b11"), Tree::Int(3)),
        // A sign before a base is none of YAML's.
        ("-0x10", text("-0x10"), Tree::Int(-16)),
        ("+0o7", text("+0o7"), Tree::Int(7)),
    ];
    for (written, ours_is, theirs_is) in rows {
        let document = format!("{BEGIN} {written}\n");
        assert_eq!(ours("plan.yaml", &document), Ok(ours_is), "{written}");
        assert_eq!(theirs(&document), Ok(theirs_is), "{written}");
    }
    // Refused here, since no plan means them: tags, nothing for a value, a key
    // that is there twice or is no text, a second document, digits that would be
    // rounded.
    for refused in [
        "!x y",
        "",
        "{ a: 1, a: 2 }",
        "{ [a]: b }",
        "x\n---\ny: z",
        "18446744073709551615",
    ] {
        let document = format!("{BEGIN} {refused}\n");
        assert!(ours("plan.yaml", &document).is_err(), "{refused}");
    }
}

#[test]
fn toml_says_the_same_as_the_value_it_was_made_from() {
    for seed in 0..DOCUMENTS {
        let mut random = Random::new(seed);
        let tree = without_null(Tree::List(many(&mut random, 3)));
        let text = format!(
            "plan = 1\nusers.u = {{ wait = 'none', sequence = ['wait'] }}\nvars.v = {}\n",
            toml(&tree)
        );
        assert_eq!(
            ours("plan.toml", &text).as_ref(),
            Ok(&tree),
            "document {seed}:\n{text}"
        );
    }
}

/// The value of `vars.v`, or what is wrong with the document.
fn ours(name: &str, text: &str) -> Result<Tree, String> {
    let mut sources = Sources::new(Source {
        path: name.into(),
        format: Format::of(Path::new(name)).unwrap(),
        text: text.to_owned(),
    });
    let mut found = Diagnostics::new();
    let plan = parse(&mut sources, &mut MemoryLoader::new(), &mut found);
    let wrong: Vec<&str> = found
        .sorted()
        .into_iter()
        .filter(|diagnostic| diagnostic.severity == plan::source::Severity::Error)
        .map(|diagnostic| diagnostic.message.as_str())
        .collect();
    match plan {
        Some(plan) if wrong.is_empty() => Ok(of_literal(&plan.vars[0].value)),
        Some(_) | None => Err(wrong.join("\n")),
    }
}

fn of_literal(literal: &Literal) -> Tree {
    match literal {
        Literal::Plain(Value::Null) => Tree::Null,
        Literal::Plain(Value::Bool(truth)) => Tree::Bool(*truth),
        Literal::Plain(Value::Int(number)) => Tree::Int(*number),
        Literal::Plain(Value::Float(number)) => Tree::Float(*number),
        Literal::Plain(other) => panic!("a plan has no {other:?}"),
        Literal::Text(text) => Tree::Text(text.clone()),
        Literal::List(items) => Tree::List(items.iter().map(|item| of_literal(item)).collect()),
        Literal::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| (key.value.clone(), of_literal(value)));
            Tree::Map(entries.collect())
        }
    }
}

fn theirs(text: &str) -> Result<Tree, String> {
    let mut value: serde_yaml::Value = serde_yaml::from_str(text).map_err(|why| why.to_string())?;
    value.apply_merge().map_err(|why| why.to_string())?;
    let vars = value
        .get("vars")
        .and_then(|vars| vars.get("v"))
        .ok_or("no such key")?;
    of_yaml(vars)
}

fn of_yaml(value: &serde_yaml::Value) -> Result<Tree, String> {
    use serde_yaml::Value as Yaml;
    Ok(match value {
        Yaml::Null => Tree::Null,
        Yaml::Bool(truth) => Tree::Bool(*truth),
        Yaml::Number(number) => match number.as_i64() {
            Some(number) => Tree::Int(number),
            None => Tree::Float(number.as_f64().ok_or("a number of no kind")?),
        },
        Yaml::String(text) => Tree::Text(text.clone()),
        Yaml::Sequence(items) => Tree::List(items.iter().map(of_yaml).collect::<Result<_, _>>()?),
        Yaml::Mapping(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let key = key.as_str().ok_or("a key that is no text")?;
                Ok((key.to_owned(), of_yaml(value)?))
            });
            Tree::Map(entries.collect::<Result<BTreeMap<_, _>, String>>()?)
        }
        Yaml::Tagged(_) => return Err("a tag".to_owned()),
    })
}

/// Whether an anchor's name goes on with a sign: YAML 1.2 takes `:` into it, the
/// other reader follows 1.1 and ends it there.
fn has_odd_anchor(text: &str) -> bool {
    text.match_indices("&a").any(|(at, _)| {
        let behind = text[at + 2..].trim_start_matches(|sign: char| sign.is_ascii_alphanumeric());
        !behind.starts_with([' ', '\n'])
    })
}

/// Whether two readings agree, up to the differences that are meant.
fn agree(ours: &Tree, theirs: &Tree) -> bool {
    match (ours, theirs) {
        (Tree::Int(_), Tree::Text(digits)) => {
            let digits = digits.trim_start_matches(['-', '+']);
            digits.starts_with('0') && digits.chars().all(|sign| sign.is_ascii_digit())
        }
        (Tree::Text(digits), Tree::Int(_) | Tree::Float(_)) => {
            let digits = digits.trim_start_matches(['-', '+']);
            ["0b", "0x", "0o"]
                .iter()
                .any(|base| digits.starts_with(base))
                || digits.len() > 18
        }
        (Tree::Float(ours), Tree::Float(theirs)) => {
            ours == theirs || ours.is_nan() && theirs.is_nan()
        }
        (Tree::List(ours), Tree::List(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| agree(a, b))
        }
        (Tree::Map(ours), Tree::Map(theirs)) => {
            ours.len() == theirs.len()
                && ours
                    .iter()
                    .zip(theirs)
                    .all(|((a, x), (b, y))| a == b && agree(x, y))
        }
        (ours, theirs) => ours == theirs,
    }
}

/// TOML has no null.
fn without_null(tree: Tree) -> Tree {
    match tree {
        Tree::Null => Tree::Text("null".to_owned()),
        Tree::List(items) => Tree::List(items.into_iter().map(without_null).collect()),
        Tree::Map(entries) => Tree::Map(
            entries
                .into_iter()
                .map(|(key, value)| (key, without_null(value)))
                .collect(),
        ),
        Tree::Bool(_) | Tree::Int(_) | Tree::Float(_) | Tree::Text(_) => tree,
    }
}

fn toml(tree: &Tree) -> String {
    // JSON's texts are TOML's, but for signs that JSON leaves as they are.
    let text = |text: &str| serde_json::to_string(text).unwrap();
    match tree {
        Tree::Null => unreachable!("TOML has no null"),
        Tree::Bool(truth) => truth.to_string(),
        Tree::Int(number) => number.to_string(),
        Tree::Float(number) => format!("{number:?}"),
        Tree::Text(words) => text(words),
        Tree::List(items) => format!(
            "[{}]",
            items.iter().map(toml).collect::<Vec<_>>().join(", ")
        ),
        Tree::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| format!("{} = {}", text(key), toml(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}
