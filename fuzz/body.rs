//! What holds for a plan file, whatever stands in it.

use std::path::Path;

use plan::{
    graph, plan as room,
    source::{
        Colour, Diagnostic, Diagnostics, Format, MemoryLoader, Source, Sources, Span, render_json,
        render_text,
    },
};

/// Goes as far as `plan validate` goes, and shows what it found.
///
/// # Panics
///
/// If a diagnostic has no place, or one that is none; if a proposal changes
/// nothing; if what is shown would steer a terminal.
pub fn validate(name: &str, bytes: &[u8]) {
    let mut sources = Sources::new(Source {
        path: name.into(),
        format: Format::of(Path::new(name)).expect("a name with an ending"),
        // Other files are refused where they are read from the disk.
        text: String::from_utf8_lossy(bytes).into_owned(),
    });
    let mut loader = MemoryLoader::new();
    let mut found = Diagnostics::new();
    if let Some(parsed) = room::parse(&mut sources, &mut loader, &mut found) {
        let _ = room::fingerprint(&parsed, &sources);
        let checked = room::check(parsed, &mut found);
        let _ = graph::compile(&checked, &sources, &mut loader, &mut found);
    } else {
        assert!(found.has_errors(), "no plan, and nobody says why");
    }
    for diagnostic in found.sorted() {
        check(diagnostic, &sources);
    }
    let text = render_text(&sources, &found, Colour::Plain);
    let steers = |sign: char| sign.is_control() && !"\n\t".contains(sign) || is_turning(sign);
    assert!(!text.contains(steers), "{text:?}");
    let _ = render_json(&sources, &found);
}

fn check(diagnostic: &Diagnostic, sources: &Sources) {
    let holds = |span: Span| sources.get(span.file).text.get(span.range()).is_some();
    assert!(!diagnostic.message.is_empty(), "{diagnostic:?}");
    assert!(!diagnostic.labels.is_empty(), "{diagnostic:?}");
    for label in &diagnostic.labels {
        assert!(holds(label.span), "{diagnostic:?}");
    }
    if let Some(fix) = &diagnostic.fix {
        assert!(holds(fix.span), "{diagnostic:?}");
        assert_ne!(sources.slice(fix.span), fix.text, "{diagnostic:?}");
    }
}

/// What turns the direction of writing.
fn is_turning(sign: char) -> bool {
    matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
