//! Diagnostics as text for people.
//!
//! As a compiler shows them: the message, the place, the line underlined, the
//! other places that explain it, and what to do. The last line counts them.
//!
//! # What holds here
//!
//! - Any span over any text can be drawn: what lies outside is clipped, so that
//!   an odd span makes an odd picture and never a panic.
//! - Plain text has no escape codes, also when the plan has.

use std::{borrow::Cow, ops::Range};

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Message, Renderer, Snippet, Title,
};

use super::{Diagnostic, Diagnostics, FileId, Label, Severity, Source, Sources};
use crate::base::printable::{is_unseen, printable};

pub use crate::base::colour::Colour;

/// Draws all diagnostics, sorted by place, with the lines they are about, and
/// counts them in a last line. Draws nothing at all where nothing was found.
pub fn render_text(sources: &Sources, found: &Diagnostics, colour: Colour) -> String {
    let renderer = match colour {
        Colour::Plain => Renderer::plain(),
        Colour::Coloured => Renderer::styled(),
    };
    let mut text = String::new();
    let mut left_bytes = MAX_DRAWN_BYTES;
    for diagnostic in found.sorted() {
        let bytes = line_bytes(sources, diagnostic);
        let drawn = match bytes <= left_bytes {
            true => drawn(sources, diagnostic),
            false => told_only(sources, diagnostic),
        };
        left_bytes = left_bytes.saturating_sub(bytes);
        text.push_str(&renderer.render(&[drawn]));
        text.push_str("\n\n");
    }
    if let Some(summary) = summary(sources, found) {
        text.push_str(&summary);
        text.push('\n');
    }
    text
}

/// How long the lines are, in bytes, that are drawn all together.
///
/// Lines of plans are short. To draw a hundred mistakes in a line of a megabyte
/// would take a minute; what is beyond this is told with its place alone.
const MAX_DRAWN_BYTES: usize = 2 << 20;

/// The length of the line that a diagnostic is about.
fn line_bytes(sources: &Sources, diagnostic: &Diagnostic) -> usize {
    diagnostic.labels.first().map_or(0, |label| {
        let text = &sources.get(label.span.file).text;
        let at = text.floor_char_boundary(label.span.range().start);
        let before = at - text[..at].rfind('\n').unwrap_or(0);
        before + text[at..].find('\n').unwrap_or(text.len() - at)
    })
}

/// A diagnostic without its lines.
fn told_only<'a>(sources: &'a Sources, diagnostic: &'a Diagnostic) -> Group<'a> {
    let place = diagnostic.labels.first().map(|label| {
        let (line, column) = sources.line_and_column(label.span);
        let name = name(sources.get(label.span.file));
        Level::NOTE.message(format!("it is at {name}:{line}:{column}"))
    });
    let help = diagnostic.help.iter();
    titled(diagnostic)
        .elements(place)
        .elements(said(sources, diagnostic))
        .elements(help.map(|text| Level::HELP.message(told(text))))
}

fn drawn<'a>(sources: &'a Sources, diagnostic: &'a Diagnostic) -> Group<'a> {
    titled(diagnostic)
        .elements(snippets(sources, &diagnostic.labels))
        .elements(said(sources, diagnostic))
        .elements(
            diagnostic
                .help
                .iter()
                .map(|text| Level::HELP.message(told(text))),
        )
}

/// Who says what a diagnostic is about, if it is not the file.
fn said<'a>(sources: &Sources, diagnostic: &Diagnostic) -> Option<Message<'a>> {
    let first = diagnostic.labels.first()?;
    let by = sources.said_by(first.span)?;
    let by = told(&format!("the value is that of `{by}`")).into_owned();
    Some(Level::NOTE.message(by))
}

fn titled(diagnostic: &Diagnostic) -> Title<'_> {
    let level = match diagnostic.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    level
        .primary_title(told(&diagnostic.message))
        .id(diagnostic.code)
}

/// One snippet for each file that labels point into, that of the first label first.
fn snippets<'a>(sources: &'a Sources, labels: &'a [Label]) -> Vec<Snippet<'a, Annotation<'a>>> {
    let mut files: Vec<FileId> = Vec::new();
    for label in labels {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    files
        .into_iter()
        .map(|file| {
            let source = sources.get(file);
            let text = shown(&source.text);
            let annotations = labels.iter().enumerate().filter_map(|(index, label)| {
                if label.span.file != file {
                    return None;
                }
                let kind = match index {
                    0 => AnnotationKind::Primary,
                    _ => AnnotationKind::Context,
                };
                let text = Some(told(&label.text)).filter(|text| !text.is_empty());
                let range = clipped(&source.text, label.span.range());
                let range = in_shown(&source.text, range.start)..in_shown(&source.text, range.end);
                Some(kind.span(range).label(text))
            });
            Snippet::source(text)
                .path(name(source))
                .annotations(annotations)
        })
        .collect()
}

/// A message as it is shown: without what steers a terminal, and without the
/// middle of a name that would fill the screen.
fn told(message: &str) -> Cow<'_, str> {
    const MAX_LETTERS: usize = 360;
    const LAST_LETTERS: usize = 120;
    let letters = message.chars().count();
    if letters <= MAX_LETTERS {
        return printable(message);
    }
    let first = message.chars().take(MAX_LETTERS - LAST_LETTERS);
    let last = message.chars().skip(letters - LAST_LETTERS);
    let cut: String = first.chain(['…']).chain(last).collect();
    Cow::Owned(printable(&cut).into_owned())
}

/// A file's text without what the renderer does not replace itself.
fn shown(text: &str) -> Cow<'_, str> {
    if text.contains(is_unseen) {
        Cow::Owned(text.replace(is_unseen, REPLACED))
    } else {
        Cow::Borrowed(text)
    }
}

/// Where byte `at` of a text is in what is shown of it.
fn in_shown(text: &str, at: usize) -> usize {
    text[..at]
        .matches(is_unseen)
        .fold(at, |at, sign| at + REPLACED.len() - sign.len())
}

/// What stands for a sign that nobody would see.
const REPLACED: &str = "\u{fffd}";

/// The part of `range` that lies in `text`, widened to whole characters.
pub(super) fn clipped(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(range.start);
    let end = text.ceil_char_boundary(range.end);
    let covered = &text[start..end.max(start)];
    // A span over a whole block ends behind its last line break, and would be
    // drawn down to a line that is not part of it.
    match covered.contains('\n') {
        true => start..start + covered.trim_end().len(),
        false => start..start + covered.len(),
    }
}

fn name(source: &Source) -> String {
    printable(&source.path.display().to_string()).into_owned()
}

/// "2 errors, 1 warning in plan.yaml".
fn summary(sources: &Sources, found: &Diagnostics) -> Option<String> {
    let counted = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Note, "note"),
    ];
    let counts: Vec<_> = counted
        .into_iter()
        .filter_map(|(severity, word)| match found.count(severity) {
            0 => None,
            1 => Some(format!("1 {word}")),
            count => Some(format!("{count} {word}s")),
        })
        .collect();
    if counts.is_empty() {
        return None;
    }
    let mut line = format!("{} in {}", counts.join(", "), name(sources.root()));
    if found.left_out() > 0 {
        line.push_str(&format!("; {} more were left out", found.left_out()));
    }
    Some(line)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::source::{Format, Span};

    #[test]
    fn a_mistake_is_shown_in_its_line_with_a_proposal() {
        let sources = sources(&[(
            "plan.yaml",
            "plan: 1\ndefaults:\n  tiemout: 10s\nload:\n  timeout: 3s\n",
        )]);
        let mut found = Diagnostics::new();
        found.push(
            Diagnostic::error("P0002", "unknown key `tiemout`")
                .at(span(&sources, 0, "tiemout"), "")
                .did_you_mean(Some("timeout")),
        );
        found.push(Diagnostic::warning("P0111", "the plan is never used"));
        found.push(
            Diagnostic::error("P0003", "`timeout` is no key of `load`")
                .at(span(&sources, 0, "timeout"), "not here")
                .at(span(&sources, 0, "load"), "in this mapping")
                .help("move it")
                .help("or leave it out"),
        );
        assert_eq!(
            render_text(&sources, &found, Colour::Plain),
            "\
warning[P0111]: the plan is never used

error[P0002]: unknown key `tiemout`
 --> plan.yaml:3:3
  |
3 |   tiemout: 10s
  |   ^^^^^^^
  |
  = help: did you mean `timeout`?

error[P0003]: `timeout` is no key of `load`
 --> plan.yaml:5:3
  |
4 | load:
  | ---- in this mapping
5 |   timeout: 3s
  |   ^^^^^^^ not here
  |
  = help: move it
  = help: or leave it out

2 errors, 1 warning in plan.yaml
"
        );
    }

    #[test]
    fn places_in_several_files_are_all_shown() {
        let sources = sources(&[
            ("plans/plan.yaml", "tasks:\n  login: []\n"),
            (
                "plans/more/tasks.yaml",
                "# shared\r\ntasks:\r\n  login: []\r\n",
            ),
        ]);
        let mut found = Diagnostics::new();
        found.push(
            Diagnostic::error("P0110", "task `login` is defined twice")
                .at(span(&sources, 1, "login"), "again here")
                .at(span(&sources, 0, "login"), "first here"),
        );
        assert_eq!(
            render_text(&sources, &found, Colour::Plain),
            "\
error[P0110]: task `login` is defined twice
 --> plans/more/tasks.yaml:3:3
  |
3 |   login: []
  |   ^^^^^ again here
  |
 ::: plans/plan.yaml:2:3
  |
2 |   login: []
  |   ----- first here

1 error in plans/plan.yaml
"
        );
    }

    #[test]
    fn columns_count_characters_and_tabs_are_widened() {
        let sources = sources(&[("plan.yaml", "name: ŁuczniczQA \u{1F3F9} x\n\tkey: y\n")]);
        let mut found = Diagnostics::new();
        found.push(Diagnostic::error("P0001", "no").at(span(&sources, 0, "x"), "this"));
        found.push(Diagnostic::error("P0001", "a tab").at(span(&sources, 0, "key"), "that"));
        assert_eq!(
            render_text(&sources, &found, Colour::Plain),
            "\
error[P0001]: no
 --> plan.yaml:1:20
  |
1 | name: ŁuczniczQA \u{1F3F9} x
  |                     ^ this

error[P0001]: a tab
 --> plan.yaml:2:2
  |
2 |     key: y
  |     ^^^ that

2 errors in plan.yaml
"
        );
    }

    #[test]
    fn a_block_is_drawn_to_its_last_line_and_the_end_of_a_file_can_be_pointed_at() {
        let text = "users:\n  a:\n    wait: 1s\n\nload: {}";
        let sources = sources(&[("plan.yaml", text)]);
        let mut found = Diagnostics::new();
        let block = Span::new(FileId(0), 9..text.find("load").unwrap());
        found.push(Diagnostic::error("P0001", "a block").at(block, "all of it"));
        let end = Span::new(FileId(0), text.len()..text.len());
        found.push(Diagnostic::error("P0001", "it ends").at(end, "here"));
        assert_eq!(
            render_text(&sources, &found, Colour::Plain),
            "\
error[P0001]: a block
 --> plan.yaml:2:3
  |
2 | /   a:
3 | |     wait: 1s
  | |____________^ all of it

error[P0001]: it ends
 --> plan.yaml:5:9
  |
5 | load: {}
  |         ^ here

2 errors in plan.yaml
"
        );
    }

    #[test]
    fn nothing_found_is_nothing_said() {
        let sources = sources(&[("plan.yaml", "plan: 1\n")]);
        assert_eq!(
            render_text(&sources, &Diagnostics::new(), Colour::Coloured),
            ""
        );
    }

    #[test]
    fn what_was_left_out_is_counted() {
        let sources = sources(&[("plan.yaml", "")]);
        let mut found = Diagnostics::new();
        for n in 0..123 {
            let message = format!("no {n}");
            found.push(Diagnostic::error("P0001", message).at(Span::top_of(FileId(0)), ""));
        }
        let text = render_text(&sources, &found, Colour::Plain);
        assert!(
            text.ends_with("\n100 errors in plan.yaml; 23 more were left out\n"),
            "{text}"
        );
    }

    #[test]
    fn colour_is_only_there_when_asked_for() {
        let sources = sources(&[("plan.yaml", "plan: 2\n")]);
        let mut found = Diagnostics::new();
        found.push(Diagnostic::error("P0001", "no").at(span(&sources, 0, "2"), "two"));
        let has_codes = |colour| render_text(&sources, &found, colour).contains('\u{1b}');
        assert!(has_codes(Colour::Coloured));
        assert!(!has_codes(Colour::Plain));
    }

    #[test]
    fn a_very_wide_line_is_cut_around_the_place() {
        let text = format!("{}here{}", "x".repeat(5_000), "y".repeat(5_000));
        let sources = sources(&[("plan.yaml", &text)]);
        let mut found = Diagnostics::new();
        found.push(Diagnostic::error("P0001", "wide").at(span(&sources, 0, "here"), "this"));
        let text = render_text(&sources, &found, Colour::Plain);
        assert!(
            text.contains("here") && text.contains("^^^^ this"),
            "{text}"
        );
        assert!(text.lines().all(|line| line.len() < 200), "{text}");
    }

    /// A plan from a stranger must not write to the terminal of whoever checks it.
    #[test]
    fn escape_codes_of_a_plan_do_not_reach_the_terminal() {
        let evil = "a\u{1b}[31mb\u{7}";
        let sources = sources(&[(evil, evil)]);
        let mut found = Diagnostics::new();
        found.push(
            Diagnostic::error("P0001", evil)
                .at(span(&sources, 0, "b"), evil)
                .help(evil),
        );
        let text = render_text(&sources, &found, Colour::Plain);
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{text:?}");
        assert_eq!(text.matches("[31m").count(), 6, "{text}");
    }

    proptest! {
        /// Also spans that no reader would make: reversed, outside, within characters.
        #[test]
        fn any_span_over_any_text_can_be_drawn(
            text in "([aŁ\u{1F3F9}\u{301} \t\r\n:-]|\r\n){0,40}",
            spans in prop::collection::vec((0_u32..130, 0_u32..130), 1..4),
        ) {
            let sources = sources(&[("plan.yaml", &text)]);
            let mut diagnostic = Diagnostic::error("P0001", "no");
            for (start, end) in spans {
                diagnostic = diagnostic.at(Span { file: FileId(0), start, end }, "here");
            }
            let mut found = Diagnostics::new();
            found.push(diagnostic);
            let drawn = render_text(&sources, &found, Colour::Plain);
            prop_assert!(drawn.contains("here"));
        }
    }

    fn sources(files: &[(&str, &str)]) -> Sources {
        let mut files = files.iter().map(|(path, text)| Source {
            path: Path::new(path).into(),
            format: Format::Yaml,
            text: (*text).to_owned(),
        });
        let mut sources = Sources::new(files.next().expect("a root"));
        for file in files {
            sources.add(file);
        }
        sources
    }

    /// The first place in a file where `what` stands.
    fn span(sources: &Sources, file: u16, what: &str) -> Span {
        let start = sources
            .get(FileId(file))
            .text
            .find(what)
            .expect("it is there");
        Span::new(FileId(file), start..start + what.len())
    }
}
