//! What was found, as SARIF 2.1.0: for code scanning, editors and archives.
//!
//! One document with one run for all files. Columns are in UTF-16 units, and the
//! document says so. The rules are those that `plan explain` explains.

use std::{collections::BTreeSet, path::Path};

use serde_json::{Value, json};

use super::check::{Checked, Outcome};
use crate::{
    cli::context::with_causes,
    plan::rules::{self, Rule},
    source::{Columns, Diagnostic, Label, Place, Severity, Sources, Span, tidy},
};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The document about all files.
///
/// What is wrong in a file that several plans include is told once.
pub fn document(all: &[Checked]) -> Value {
    let mut told = BTreeSet::new();
    let mut results = Vec::new();
    let mut notifications = Vec::new();
    let mut successful = true;
    for Checked { path, outcome } in all {
        match outcome {
            Ok(Outcome { prepared, .. }) => {
                for diagnostic in prepared.found.sorted() {
                    let result = of_diagnostic(&prepared.sources, diagnostic);
                    if told.insert(result.to_string()) {
                        results.push(result);
                    }
                }
                match prepared.found.left_out() {
                    0 => {}
                    more => {
                        let text = format!("{more} more were left out");
                        notifications.push(notification(path, Severity::Note, &text));
                    }
                }
            }
            Err(error) => {
                successful = false;
                let text = with_causes(error);
                notifications.push(notification(path, Severity::Error, &text));
            }
        }
    }
    let rules: Vec<_> = rules::all().map(of_rule).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "invocations": [{
                "executionSuccessful": successful,
                "toolExecutionNotifications": notifications,
            }],
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    })
}

fn of_rule(rule: &Rule) -> Value {
    let Rule {
        code,
        severity,
        summary,
        explanation,
        example,
        mended,
    } = rule;
    let explanation = explanation.trim_end();
    let (example, mended) = (example.trim_end(), mended.trim_end());
    json!({
        "id": code,
        "shortDescription": { "text": summary },
        "fullDescription": { "text": explanation },
        "help": {
            "text": format!("{explanation}\n\nWrong:\n\n{example}\n\nRight:\n\n{mended}\n"),
            "markdown": format!(
                "{explanation}\n\nWrong:\n\n```yaml\n{example}\n```\n\nRight:\n\n```yaml\n{mended}\n```\n"
            ),
        },
        "defaultConfiguration": { "level": severity.name() },
    })
}

fn of_diagnostic(sources: &Sources, diagnostic: &Diagnostic) -> Value {
    // Taken apart, so that a new field cannot be forgotten here.
    let Diagnostic {
        severity,
        code,
        message,
        labels,
        help,
        fix,
    } = diagnostic;
    let help = help.join("\n");
    let text = match help.as_str() {
        "" => message.clone(),
        help => format!("{message}\n{help}"),
    };
    let mut result = json!({ "ruleId": code });
    if let Some(index) = rules::all().position(|rule| rule.code == *code) {
        result["ruleIndex"] = json!(index);
    }
    result["level"] = json!(severity.name());
    result["message"] = json!({ "text": text });
    let (first, others) = match labels.split_first() {
        Some((first, others)) => (location(sources, first), others),
        None => (whole(&sources.root().path), labels.as_slice()),
    };
    result["locations"] = json!([first]);
    if !others.is_empty() {
        result["relatedLocations"] = others
            .iter()
            .map(|label| location(sources, label))
            .collect();
    }
    if let Some(fix) = fix {
        result["fixes"] = json!([{
            "description": { "text": help },
            "artifactChanges": [{
                "artifactLocation": artifact(&sources.get(fix.span.file).path),
                "replacements": [{
                    "deletedRegion": region(sources, fix.span),
                    "insertedContent": { "text": fix.text },
                }],
            }],
        }]);
    }
    result
}

fn notification(path: &Path, severity: Severity, text: &str) -> Value {
    json!({
        "level": severity.name(),
        "message": { "text": text },
        "locations": [whole(path)],
    })
}

fn location(sources: &Sources, label: &Label) -> Value {
    let mut location = whole(&sources.get(label.span.file).path);
    location["physicalLocation"]["region"] = region(sources, label.span);
    if !label.text.is_empty() {
        location["message"] = json!({ "text": label.text });
    }
    location
}

fn whole(path: &Path) -> Value {
    json!({ "physicalLocation": { "artifactLocation": artifact(path) } })
}

fn region(sources: &Sources, span: Span) -> Value {
    let place = Place::of(sources, span, Columns::Utf16);
    json!({
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    })
}

fn artifact(path: &Path) -> Value {
    json!({ "uri": uri(&tidy(path)) })
}

/// A path as a reference: relative as it was named, or with its scheme.
fn uri(path: &Path) -> String {
    let mut uri = match path.is_absolute() {
        true => "file://".to_owned(),
        false => String::new(),
    };
    for byte in path.display().to_string().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_references() {
        for (path, expected) in [
            ("plans/a.yaml", "plans/a.yaml"),
            ("a b:c%.yaml", "a%20b%3Ac%25.yaml"),
            ("ł.yaml", "%C5%82.yaml"),
            ("/srv/a.yaml", "file:///srv/a.yaml"),
        ] {
            assert_eq!(uri(Path::new(path)), expected);
        }
    }
}
