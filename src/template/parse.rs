//! From a text to its parts.

use std::ops::Range;

use super::{
    Escape, Read, TemplateError,
    engine::{self, Rejected},
    lex::{self, Piece, Trim, Word, WordKind},
    names::{self, Visible},
    text::{Part, Reading, Template},
};

/// Compiles a text.
pub(super) fn parse(text: &str, escape: Escape) -> Result<Template<String>, TemplateError> {
    let pieces = lex::cut(text)?;
    if pieces.iter().any(needs_whole) {
        return parse_whole(text, escape, &pieces);
    }
    let mut parts = Vec::with_capacity(pieces.len());
    let mut reads = Vec::new();
    for piece in &pieces {
        match piece {
            Piece::Literal(range) => parts.push(Part::Literal(text[range.clone()].into())),
            Piece::Expression {
                outer,
                inner,
                words,
                ..
            } => {
                // What a text begins with is its base: `{{ base }}/x`.
                let escape = if parts.is_empty() {
                    Escape::None
                } else {
                    escape
                };
                let code = Piecewise { text, outer, inner };
                parts.push(code.part(words, escape, &mut reads)?);
            }
            Piece::Block { .. } | Piece::Comment => {
                unreachable!("a text with these is compiled as a whole")
            }
        }
    }
    Ok(Template::new(text, parts, reads))
}

fn needs_whole(piece: &Piece<'_>) -> bool {
    match piece {
        Piece::Literal(_) => false,
        Piece::Expression { trim, .. } => *trim == Trim::Something,
        Piece::Block { .. } | Piece::Comment => true,
    }
}

/// One `{{ … }}` of a text.
struct Piecewise<'a> {
    text: &'a str,
    outer: &'a Range<usize>,
    inner: &'a Range<usize>,
}

impl Piecewise<'_> {
    fn part(
        &self,
        words: &[Word<'_>],
        escape: Escape,
        reads: &mut Vec<Read>,
    ) -> Result<Part<String>, TemplateError> {
        if words.is_empty() {
            return Err(TemplateError::new(
                self.outer.clone(),
                "there is nothing between `{{` and `}}`",
            ));
        }
        if let Some(path) = names::bare_path(words) {
            let reading = Reading::of(&path);
            let last = words.len() - 1;
            reads.push(Read {
                path,
                range: words[0].range.start..words[last].range.end,
                guarded: false,
            });
            return Ok(Part::Plain { reading, escape });
        }
        let code = engine::compile_expression(&self.text[self.inner.clone()])
            .map_err(|rejected| self.explain(words, rejected))?;
        let found = names::reads(words, Visible::All)?;
        let readings = found.iter().map(|read| Reading::of(&read.path)).collect();
        reads.extend(found);
        Ok(Part::Computed {
            code,
            readings,
            written: self.text[self.inner.clone()].trim().into(),
            escape,
        })
    }

    /// Says what is wrong in our words where the slip is a usual one.
    fn explain(&self, words: &[Word<'_>], rejected: Rejected) -> TemplateError {
        let offset = self.inner.start;
        let range = rejected
            .range
            .map(|range| range.start + offset..range.end + offset);
        slip(words).unwrap_or_else(|| {
            let range = inside(self.text, range, self.inner);
            TemplateError::new(range, rejected.message)
        })
    }
}

/// The usual slips.
fn slip(words: &[Word<'_>]) -> Option<TemplateError> {
    words.windows(2).enumerate().find_map(|(index, pair)| {
        let is_test = index
            .checked_sub(1)
            .is_some_and(|before| matches!(words[before].kind, WordKind::Name("is" | "not")));
        let range = pair[0].range.start..pair[1].range.end;
        match (pair[0].kind, pair[1].kind) {
            (WordKind::Sign(b'{'), WordKind::Sign(b'{')) if range.len() == 2 => Some(
                TemplateError::new(range, "`{{` stands inside `{{ … }}`")
                    .help("inside, a name is written as it is: `{{ a ~ b }}`"),
            ),
            (WordKind::Name(a), WordKind::Name(b)) if !is_test && names::side_by_side(a, b) => {
                Some(
                    TemplateError::new(range, format!("`{a}` and `{b}` stand side by side"))
                        .help(format!("did you mean `{a}_{b}` or `{a}.{b}`?")),
                )
            }
            _ => None,
        }
    })
}

/// The range if it lies within `whole` and between characters, or `whole`.
fn inside(text: &str, range: Option<Range<usize>>, whole: &Range<usize>) -> Range<usize> {
    let Some(range) = range else {
        return whole.clone();
    };
    let start = range.start.clamp(whole.start, whole.end);
    let mut end = range.end.clamp(start, whole.end);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    if start == end || !text.is_char_boundary(start) {
        return whole.clone();
    }
    start..end
}

fn parse_whole(
    text: &str,
    escape: Escape,
    pieces: &[Piece<'_>],
) -> Result<Template<String>, TemplateError> {
    let everything = 0..text.len();
    let (code, free) = engine::compile_blocks(text, escape).map_err(|rejected| {
        let range = inside(text, rejected.range, &everything);
        let known_slip = pieces.iter().find_map(|piece| match piece {
            Piece::Expression { words, .. } => slip(words),
            Piece::Literal(_) | Piece::Block { .. } | Piece::Comment => None,
        });
        known_slip.unwrap_or_else(|| TemplateError::new(range, rejected.message))
    })?;
    let mut all = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Expression { words, .. } => all.extend_from_slice(words),
            Piece::Block { words } => {
                refuse_other_files(words)?;
                all.extend_from_slice(words);
            }
            Piece::Literal(_) | Piece::Comment => continue,
        }
        all.push(SEPARATOR);
    }
    let reads = names::reads(&all, Visible::Only(&free))?;
    let readings = reads.iter().map(|read| Reading::of(&read.path)).collect();
    let part = Part::Computed {
        code,
        readings,
        written: text.into(),
        escape: Escape::None,
    };
    Ok(Template::new(text, vec![part], reads))
}

/// Keeps the words of one piece from being read together with the next one's.
const SEPARATOR: Word<'static> = Word {
    kind: WordKind::Sign(b';'),
    range: 0..0,
};

/// Refuses blocks that would need a second text, or would escape for HTML.
fn refuse_other_files(words: &[Word<'_>]) -> Result<(), TemplateError> {
    const REFUSED: [&str; 6] = [
        "autoescape",
        "block",
        "extends",
        "from",
        "import",
        "include",
    ];
    match words.first().map(|word| (word.kind, &word.range)) {
        Some((WordKind::Name(name), range)) if REFUSED.contains(&name) => {
            let message = format!("`{{% {name} %}}` has no use here: a text stands for itself");
            Err(TemplateError::new(range.clone(), message))
        }
        _ => Ok(()),
    }
}
