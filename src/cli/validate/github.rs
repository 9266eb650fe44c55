//! What was found, as workflow commands: annotations in a pull request.
//!
//! A line each; what would end a command or a property of it is escaped, so that
//! no text of a plan can become a command of its own.

use std::path::Path;

use crate::{
    base::printable::printable,
    cli::{CliError, context::with_causes},
    source::{Columns, Diagnostic, Diagnostics, Place, Severity, Sources, tidy},
};

/// The commands for one plan.
pub fn commands(sources: &Sources, found: &Diagnostics) -> Vec<String> {
    let mut lines: Vec<_> = found
        .sorted()
        .into_iter()
        .map(|diagnostic| of_diagnostic(sources, diagnostic))
        .collect();
    match found.left_out() {
        0 => {}
        more => lines.push(command(
            Severity::Note,
            &[("file", name(&sources.root().path))],
            &format!("{more} more were left out"),
        )),
    }
    lines
}

/// The command for a file that cannot be read.
pub fn unreadable(path: &Path, error: &CliError) -> String {
    command(
        Severity::Error,
        &[("file", name(path))],
        &printable(&with_causes(error)),
    )
}

fn of_diagnostic(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let Diagnostic {
        severity,
        code,
        message,
        labels,
        help,
        fix: _,
    } = diagnostic;
    let mut properties = Vec::new();
    let mut text = vec![printable(message).into_owned()];
    match labels.first() {
        Some(label) => {
            let place = Place::of(sources, label.span, Columns::Characters);
            properties.push(("file", name(&sources.get(label.span.file).path)));
            properties.push(("line", place.line.to_string()));
            // Columns of two lines cannot be compared, and are not accepted.
            if place.line == place.end_line {
                properties.push(("col", place.column.to_string()));
            }
            properties.push(("endLine", place.end_line.to_string()));
            if place.line == place.end_line {
                properties.push(("endColumn", place.end_column.to_string()));
            }
        }
        None => properties.push(("file", name(&sources.root().path))),
    }
    properties.push(("title", (*code).to_owned()));
    for label in labels.iter().skip(1) {
        let file = name(&sources.get(label.span.file).path);
        let place = Place::of(sources, label.span, Columns::Characters);
        let what = printable(&label.text);
        text.push(format!("{file}:{}:{}: {what}", place.line, place.column));
    }
    text.extend(help.iter().map(|help| format!("help: {}", printable(help))));
    command(*severity, &properties, &text.join("\n"))
}

fn command(severity: Severity, properties: &[(&str, String)], message: &str) -> String {
    let kind = match severity {
        Severity::Note => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let properties: Vec<_> = properties
        .iter()
        .map(|(key, value)| format!("{key}={}", in_property(value)))
        .collect();
    format!("::{kind} {}::{}", properties.join(","), in_message(message))
}

fn name(path: &Path) -> String {
    printable(&tidy(path).display().to_string()).into_owned()
}

fn in_message(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn in_property(text: &str) -> String {
    in_message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_end_a_command() {
        let told = command(
            Severity::Error,
            &[("file", "a,b:c%.yaml".to_owned())],
            "50% of: a, b\r\n::stop-commands::x",
        );
        assert_eq!(
            told,
            "::error file=a%2Cb%3Ac%25.yaml::50%25 of: a, b%0D%0A::stop-commands::x"
        );
    }
}
