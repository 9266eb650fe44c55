//! Putting certain proposals into the texts that they mend.

use super::{Certainty, Diagnostic, Diagnostics, FileId, Fix, Sources};

/// A file with its certain proposals put in.
#[derive(Debug)]
pub struct Mended<'d> {
    pub file: FileId,
    pub text: String,
    /// What was mended, from the first place to the last.
    pub mistakes: Vec<&'d Diagnostic>,
}

/// Mends all that is certain.
///
/// Of two proposals for the same place the first is taken: what is then still
/// wrong is found by reading the mended text.
pub fn mend<'d>(sources: &Sources, found: &'d Diagnostics) -> Vec<Mended<'d>> {
    let certain: Vec<(&Diagnostic, &Fix)> = found
        .sorted()
        .into_iter()
        .filter_map(|mistake| Some((mistake, mistake.fix.as_ref()?)))
        .filter(|(_, fix)| fix.certainty == Certainty::Certain)
        .collect();
    let of_file = |file| {
        let mut fixes = certain.clone();
        fixes.retain(|(_, fix)| fix.span.file == file);
        fixes.sort_by_key(|(_, fix)| fix.span.start);
        apart(fixes)
    };
    sources
        .iter()
        .map(|(file, source)| (file, source, of_file(file)))
        .filter(|(_, _, fixes)| !fixes.is_empty())
        .map(|(file, source, fixes)| Mended {
            file,
            text: with(&source.text, &fixes),
            mistakes: fixes.into_iter().map(|(mistake, _)| mistake).collect(),
        })
        .collect()
}

/// Those that do not touch the one before them.
fn apart<'d>(fixes: Vec<(&'d Diagnostic, &'d Fix)>) -> Vec<(&'d Diagnostic, &'d Fix)> {
    let mut free_from = 0;
    let mut kept = Vec::with_capacity(fixes.len());
    for (mistake, fix) in fixes {
        let place = fix.span.range();
        if place.start >= free_from {
            free_from = place.end + 1;
            kept.push((mistake, fix));
        }
    }
    kept
}

fn with(text: &str, fixes: &[(&Diagnostic, &Fix)]) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut done = 0;
    for (_, fix) in fixes {
        let place = fix.span.range();
        mended.push_str(&text[done..place.start]);
        mended.push_str(&fix.text);
        done = place.end;
    }
    mended.push_str(&text[done..]);
    mended
}
