//! What an expression reads and calls, and where.

use std::{collections::HashSet, ops::Range};

use super::{
    TemplateError,
    engine::{FILTERS, FUNCTIONS, TESTS},
    lex::{Word, WordKind},
};
use crate::base::nearest::nearest;

/// One variable that a template reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// With its dots: `post_id`, `user.id`, `accounts.email`.
    pub path: String,
    /// The bytes of the template's text where it is read.
    pub range: Range<usize>,
    /// Whether the expression copes with its absence: this read goes into
    /// `| default(…)`, or the expression asks whether it `is defined`.
    pub guarded: bool,
}

/// Which names can be variables of the user.
#[derive(Clone, Copy, Debug)]
pub(super) enum Visible<'a> {
    /// All: an expression has no names of its own.
    All,
    /// These; the others are made by `set`, `for` or `macro` in the text.
    Only(&'a HashSet<String>),
}

impl Visible<'_> {
    fn shows(self, name: &str) -> bool {
        match self {
            Visible::All => true,
            Visible::Only(names) => names.contains(name),
        }
    }
}

/// The path, if the words are one and nothing else: `user.id`.
pub(super) fn bare_path(words: &[Word<'_>]) -> Option<String> {
    let (path, next) = path_at(words, 0)?;
    (next == words.len()).then_some(path)
}

/// Whether two words are names with nothing between them that would join them.
pub(super) fn side_by_side(a: &str, b: &str) -> bool {
    !is_keyword(a) && !is_keyword(b)
}

/// The variables that words read, in order.
///
/// # Errors
///
/// The first function, filter or test that there is not.
pub(super) fn reads(words: &[Word<'_>], visible: Visible<'_>) -> Result<Vec<Read>, TemplateError> {
    let mut reads = Vec::new();
    let mut asked_about = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let WordKind::Name(name) = words[at].kind else {
            at += 1;
            continue;
        };
        let range = words[at].range.clone();
        match before(words, at) {
            Role::Attribute => {}
            Role::Filter => known("filter", name, &range, &FILTERS)?,
            Role::Test => known("test", name, &range, &TESTS)?,
            Role::Free => {
                let Some((path, next)) = path_at(words, at) else {
                    at += 1;
                    continue;
                };
                let range = range.start..words[next - 1].range.end;
                if sign(words, next) == Some(b'(') {
                    if visible.shows(name) {
                        callable(&path, &range)?;
                    }
                } else if visible.shows(name) && !is_assigned(words, next) {
                    let use_ = use_of(words, at, next);
                    if use_ == Use::Asked {
                        asked_about.push(path.clone());
                    }
                    reads.push(Read {
                        path,
                        range,
                        guarded: use_ != Use::Needed,
                    });
                }
                at = next;
                continue;
            }
        }
        at += 1;
    }
    for read in &mut reads {
        read.guarded |= asked_about.iter().any(|path| covers(path, &read.path));
    }
    Ok(reads)
}

/// What a name is because of the words before it.
enum Role {
    Attribute,
    Filter,
    Test,
    Free,
}

fn before(words: &[Word<'_>], at: usize) -> Role {
    let kind = |back: usize| at.checked_sub(back).map(|index| words[index].kind);
    match kind(1) {
        Some(WordKind::Sign(b'.')) => Role::Attribute,
        Some(WordKind::Sign(b'|')) => Role::Filter,
        // `{% filter upper %}`; blocks are set apart by `;`.
        Some(WordKind::Name("filter")) if matches!(kind(2), None | Some(WordKind::Sign(b';'))) => {
            Role::Filter
        }
        Some(WordKind::Name("is")) if words[at].kind != WordKind::Name("not") => Role::Test,
        Some(WordKind::Name("not")) if kind(2) == Some(WordKind::Name("is")) => Role::Test,
        _ => Role::Free,
    }
}

/// The path that begins at a word, and the index of the word after it.
fn path_at(words: &[Word<'_>], at: usize) -> Option<(String, usize)> {
    let mut path = match words.get(at)?.kind {
        WordKind::Name(name) if !is_keyword(name) => name.to_owned(),
        WordKind::Name(_) | WordKind::Number | WordKind::Quoted | WordKind::Sign(_) => return None,
    };
    let mut next = at + 1;
    while let (Some(b'.'), Some(WordKind::Name(name))) =
        (sign(words, next), words.get(next + 1).map(|word| word.kind))
    {
        path.push('.');
        path.push_str(name);
        next += 2;
    }
    Some((path, next))
}

fn is_keyword(name: &str) -> bool {
    const KEYWORDS: [&str; 12] = [
        "and", "else", "false", "False", "if", "in", "is", "none", "None", "not", "or", "true",
    ];
    KEYWORDS.contains(&name) || name == "True"
}

fn sign(words: &[Word<'_>], at: usize) -> Option<u8> {
    match words.get(at)?.kind {
        WordKind::Sign(sign) => Some(sign),
        WordKind::Name(_) | WordKind::Number | WordKind::Quoted => None,
    }
}

/// Whether a lone `=` follows: the name of an argument, or of what `set` sets.
fn is_assigned(words: &[Word<'_>], next: usize) -> bool {
    sign(words, next) == Some(b'=') && sign(words, next + 1) != Some(b'=')
}

/// What becomes of a value that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// It has to be there.
    Needed,
    /// `| default(…)` follows.
    Replaceable,
    /// `is defined`, or its opposite, follows.
    Asked,
}

fn use_of(words: &[Word<'_>], at: usize, next: usize) -> Use {
    let name = |index: usize| match words.get(index).map(|word| word.kind) {
        Some(WordKind::Name(name)) => name,
        Some(WordKind::Number | WordKind::Quoted | WordKind::Sign(_)) | None => "",
    };
    if is_negated(words, at) {
        return Use::Needed;
    }
    if sign(words, next) == Some(b'|') && matches!(name(next + 1), "default" | "d") {
        return Use::Replaceable;
    }
    if name(next) == "is" {
        let test = next + 1 + usize::from(name(next + 1) == "not");
        if matches!(name(test), "defined" | "undefined") {
            return Use::Asked;
        }
    }
    Use::Needed
}

/// Whether a minus sign belongs to the name: `-x | default(1)` negates `x` first.
fn is_negated(words: &[Word<'_>], at: usize) -> bool {
    let Some(minus) = at
        .checked_sub(1)
        .filter(|index| sign(words, *index) == Some(b'-'))
    else {
        return false;
    };
    match minus.checked_sub(1).map(|index| words[index].kind) {
        Some(WordKind::Number | WordKind::Quoted | WordKind::Sign(b')' | b']' | b'}')) => false,
        Some(WordKind::Name(name)) => is_keyword(name),
        Some(WordKind::Sign(_)) | None => true,
    }
}

/// Whether a question about `asked` is also one about `path`, a part of it.
fn covers(asked: &str, path: &str) -> bool {
    path.strip_prefix(asked)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn callable(path: &str, range: &Range<usize>) -> Result<(), TemplateError> {
    match path.rsplit_once('.') {
        None => known("function", path, range, &FUNCTIONS),
        Some((_, method)) => Err(TemplateError::new(
            range.clone(),
            format!("values have no functions of their own, so `.{method}()` is none"),
        )
        .help("use a filter: `value | upper`")),
    }
}

/// How many names a help may list; more would not be read.
const MAX_LISTED: usize = 32;

fn known(
    what: &str,
    name: &str,
    range: &Range<usize>,
    names: &[&'static str],
) -> Result<(), TemplateError> {
    if names.contains(&name) {
        return Ok(());
    }
    let error = TemplateError::new(range.clone(), format!("there is no {what} `{name}`"));
    Err(match nearest(name, names.iter().copied()) {
        Some(meant) => error.help(format!("did you mean `{meant}`?")),
        None if names.len() <= MAX_LISTED => error.help(format!("there are {}", names.join(", "))),
        None => error,
    })
}
