//! Diagnostics as lines of JSON, for programs.
//!
//! One object a line, all with the same keys; what does not apply is null. Lines
//! and columns count from 1, columns in characters; an end is the place behind
//! the last character.

use serde_json::{Value, json};

use super::{Certainty, Columns, Diagnostic, Diagnostics, Place, Severity, Source, Sources, Span};

/// Writes all diagnostics, sorted by place, a line each.
pub fn render_json(sources: &Sources, found: &Diagnostics) -> String {
    let plan = path_of(sources.root());
    let mut lines = String::new();
    for diagnostic in found.sorted() {
        push(&mut lines, &of_diagnostic(sources, &plan, diagnostic));
    }
    match found.left_out() {
        0 => {}
        more => push(
            &mut lines,
            &without_place(&plan, Severity::Note, &format!("{more} more were left out")),
        ),
    }
    lines
}

/// Writes what is to be said of a plan as a whole, and has no code: that it
/// cannot be read.
pub fn render_json_error(plan: &str, message: &str) -> String {
    let mut line = String::new();
    push(&mut line, &without_place(plan, Severity::Error, message));
    line
}

fn push(lines: &mut String, line: &Value) {
    lines.push_str(&line.to_string());
    lines.push('\n');
}

fn of_diagnostic(sources: &Sources, plan: &str, diagnostic: &Diagnostic) -> Value {
    // Taken apart, so that a new field cannot be forgotten here.
    let Diagnostic {
        severity,
        code,
        message,
        labels,
        help,
        fix,
    } = diagnostic;
    let mut object = json!({ "plan": plan });
    match labels.first() {
        Some(label) => place(&mut object, sources, label.span),
        None => no_place(&mut object, plan),
    }
    object["severity"] = json!(severity.name());
    object["code"] = json!(code);
    object["message"] = json!(message);
    let labels = labels.iter().map(|label| {
        let mut object = json!({});
        place(&mut object, sources, label.span);
        object["text"] = json!(label.text);
        object
    });
    object["labels"] = labels.collect();
    object["help"] = json!(help);
    object["fix"] = match fix {
        Some(fix) => {
            let mut object = json!({});
            place(&mut object, sources, fix.span);
            object["text"] = json!(fix.text);
            object["certain"] = json!(fix.certainty == Certainty::Certain);
            object
        }
        None => Value::Null,
    };
    object
}

fn without_place(plan: &str, severity: Severity, message: &str) -> Value {
    let mut object = json!({ "plan": plan });
    no_place(&mut object, plan);
    object["severity"] = json!(severity.name());
    object["code"] = Value::Null;
    object["message"] = json!(message);
    object["labels"] = json!([]);
    object["help"] = json!([]);
    object["fix"] = Value::Null;
    object
}

fn place(object: &mut Value, sources: &Sources, span: Span) {
    let source = sources.get(span.file);
    let Place {
        line,
        column,
        end_line,
        end_column,
    } = Place::of(sources, span, Columns::Characters);
    object["file"] = json!(path_of(source));
    object["line"] = json!(line);
    object["column"] = json!(column);
    object["end_line"] = json!(end_line);
    object["end_column"] = json!(end_column);
}

fn no_place(object: &mut Value, plan: &str) {
    object["file"] = json!(plan);
    for key in ["line", "column", "end_line", "end_column"] {
        object[key] = Value::Null;
    }
}

fn path_of(source: &Source) -> String {
    source.path.display().to_string()
}
