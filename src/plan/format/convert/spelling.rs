//! Single values, keys and the line for editors, as each format writes them.

use super::tree::Value;
use crate::{
    plan::{
        keys::Shape,
        read::{
            node::{NodeKind, Scalar, ScalarKind},
            resolve_plain,
            tree::grow,
        },
    },
    source::{Diagnostics, FileId, Format, Source},
};

/// What tells an editor's language server which schema a file has.
const YAML_MODELINE: &str = "# yaml-language-server: $schema=";
const TOML_MODELINE: &str = "#:schema ";

/// A comment as it is written in `format`: only the one for editors differs.
pub(super) fn modeline(comment: &str, format: Format) -> String {
    let (from, to) = match format {
        Format::Yaml => (TOML_MODELINE, YAML_MODELINE),
        Format::Toml => (YAML_MODELINE, TOML_MODELINE),
    };
    match comment.strip_prefix(from) {
        Some(schema) => format!("{to}{schema}"),
        None => comment.to_owned(),
    }
}

/// A key of TOML.
pub(super) fn toml_key(key: &str) -> String {
    let is_bare = |sign: char| sign.is_ascii_alphanumeric() || "_-".contains(sign);
    match !key.is_empty() && key.chars().all(is_bare) {
        true => key.to_owned(),
        false => escaped(key),
    }
}

/// A value of TOML; `None` for a null that it has no other word for.
pub(super) fn toml_scalar(scalar: &Scalar, shape: Option<&Shape>) -> Option<String> {
    let kind = scalar.kind;
    match kind {
        // A field that is not sent has a spelling without null.
        ScalarKind::Empty | ScalarKind::Null => {
            return matches!(shape, Some(Shape::Filled)).then(|| "[]".to_owned());
        }
        ScalarKind::Text => return Some(toml_text(&scalar.text)),
        ScalarKind::Bool(_) | ScalarKind::Int(_) | ScalarKind::Float(_) => {}
    }
    if is_toml(scalar) {
        return Some(scalar.text.clone());
    }
    if shape.is_some_and(Shape::takes_text) {
        return Some(toml_text(&scalar.text));
    }
    Some(match kind {
        ScalarKind::Float(number) if number.is_finite() => format!("{number:?}"),
        ScalarKind::Float(number) if number.is_nan() => "nan".to_owned(),
        ScalarKind::Float(number) => if number > 0.0 { "inf" } else { "-inf" }.to_owned(),
        ScalarKind::Int(number) => number.to_string(),
        ScalarKind::Bool(truth) => truth.to_string(),
        ScalarKind::Empty | ScalarKind::Null | ScalarKind::Text => return None,
    })
}

/// Whether TOML reads a value as it is written, as the same.
fn is_toml(scalar: &Scalar) -> bool {
    let source = Source {
        path: "value.toml".into(),
        format: Format::Toml,
        text: format!("value = {}\n", scalar.text),
    };
    let tree = grow(FileId(0), &source, &mut Diagnostics::new());
    let Some(root) = tree.root.filter(|_| tree.torn.is_empty()) else {
        return false;
    };
    match root.kind {
        NodeKind::Map(entries) => match entries.as_slice() {
            [entry] => match &entry.value.kind {
                NodeKind::Scalar(read) => read.kind == scalar.kind && read.text == scalar.text,
                NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Broken => false,
            },
            _ => false,
        },
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => false,
    }
}

fn toml_text(text: &str) -> String {
    let is_odd = |sign: char| sign.is_control() && sign != '\t';
    let lines = text.matches('\n').count();
    if lines > 0 && !text.contains("'''") && !text.replace('\n', "").contains(is_odd) {
        // The end of the line behind the quotes is no part of it.
        return format!("'''\n{text}'''");
    }
    if text.contains(['"', '\\']) && !text.contains('\'') && !text.contains(is_odd) {
        return format!("'{text}'");
    }
    escaped(text)
}

/// In double quotes, as both formats read them.
fn escaped(text: &str) -> String {
    let mut escaped = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push_str("\\t"),
            '\r' => escaped.push_str("\\r"),
            // Signs that YAML takes for the end of a line, or for no sign at all.
            sign if sign.is_control() || "\u{2028}\u{2029}\u{feff}".contains(sign) => {
                escaped.push_str(&format!("\\u{:04X}", u32::from(sign)));
            }
            sign => escaped.push(sign),
        }
    }
    escaped.push('"');
    escaped
}

/// A key of YAML.
pub(super) fn yaml_key(key: &str) -> String {
    match is_plain(key) {
        true => key.to_owned(),
        false => quoted(key),
    }
}

/// A value of YAML in one line.
pub(super) fn yaml_scalar(scalar: &Scalar, shape: Option<&Shape>) -> String {
    let text = &scalar.text;
    match scalar.kind {
        ScalarKind::Text => yaml_text(text),
        ScalarKind::Empty | ScalarKind::Null => "null".to_owned(),
        kind @ (ScalarKind::Bool(_) | ScalarKind::Int(_) | ScalarKind::Float(_)) => {
            // As text, because not-a-number is not equal to itself.
            if format!("{:?}", resolve_plain(text)) == format!("{kind:?}") {
                return text.clone();
            }
            if shape.is_some_and(Shape::takes_text) {
                return quoted(text);
            }
            match kind {
                ScalarKind::Int(number) => number.to_string(),
                ScalarKind::Bool(truth) => truth.to_string(),
                ScalarKind::Float(number) if number.is_nan() => ".nan".to_owned(),
                ScalarKind::Float(number) if number.is_finite() => format!("{number:?}"),
                ScalarKind::Float(number) => if number > 0.0 { ".inf" } else { "-.inf" }.to_owned(),
                ScalarKind::Empty | ScalarKind::Null | ScalarKind::Text => quoted(text),
            }
        }
    }
}

/// The lines of a text that YAML writes as a block, and what stands before them.
pub(super) fn yaml_block(value: &Value) -> Option<(&'static str, Vec<&str>)> {
    let Value::Scalar(scalar, _) = value else {
        return None;
    };
    let text = scalar.text.as_str();
    let is_odd = |sign: char| {
        sign.is_control() && !"\n\t".contains(sign) || "\u{2028}\u{2029}\u{feff}".contains(sign)
    };
    let is_text = scalar.kind == ScalarKind::Text && text.contains('\n');
    // Blanks at the beginning would be indentation, empty lines at the end its end.
    let is_loose = text.starts_with([' ', '\t', '\n']) || text.ends_with("\n\n");
    if !is_text || is_loose || text.contains(is_odd) {
        return None;
    }
    Some(match text.strip_suffix('\n') {
        Some(text) => ("|", text.split('\n').collect()),
        None => ("|-", text.split('\n').collect()),
    })
}

fn yaml_text(text: &str) -> String {
    let is_word = resolve_plain(text) == ScalarKind::Text && is_plain(text);
    match is_word {
        true => text.to_owned(),
        false => quoted(text),
    }
}

fn quoted(text: &str) -> String {
    let is_odd = |sign: char| sign.is_control() || "\u{2028}\u{2029}\u{feff}".contains(sign);
    match text.contains(is_odd) {
        true => escaped(text),
        false => format!("'{}'", text.replace('\'', "''")),
    }
}

/// Whether a text may stand without quotes, in brackets too.
fn is_plain(text: &str) -> bool {
    let begins = |sign: char| sign.is_alphanumeric() || "/._<>=".contains(sign);
    let is_odd = |sign: char| sign.is_control() || "{}[],\u{2028}\u{2029}\u{feff}".contains(sign);
    text.starts_with(begins)
        && !text.contains(is_odd)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([':', ' '])
        && !text.starts_with("...")
        && text != "<<"
        && text != "="
}
