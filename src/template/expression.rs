//! An expression on its own: a condition, written without braces.

use std::time::Duration;

use super::{
    Escape, Place, Read, RenderError, Scope, Template, TemplateError,
    lex::{self, Piece, Word, WordKind},
    names,
};
use crate::base::{
    random::{Purpose, Stream},
    value::Value,
};

/// A compiled condition. `N` is as that of [`Template`].
#[derive(Clone, Debug)]
pub struct Condition<N = Place> {
    template: Template<N>,
    reads: Vec<Read>,
    proves: Vec<String>,
    disproves: Vec<String>,
}

/// What an expression becomes before it is compiled as a text of its own.
const OPENING: &str = "{{ ";
const CLOSING: &str = " }}";

impl Condition<String> {
    /// Compiles an expression: `post_id is defined and n < 3`.
    ///
    /// # Errors
    ///
    /// As [`Template::parse`]; ranges are those of the expression.
    pub fn parse(expression: &str) -> Result<Condition<String>, TemplateError> {
        let shift = |range: std::ops::Range<usize>| {
            let place = |at: usize| at.saturating_sub(OPENING.len()).min(expression.len());
            place(range.start)..place(range.end)
        };
        let text = format!("{OPENING}{expression}{CLOSING}");
        let shifted = |error: TemplateError| TemplateError {
            range: shift(error.range),
            help: error.help.or_else(|| {
                has_lone_equals(expression).then(|| "two values are compared by `==`".to_owned())
            }),
            ..error
        };
        let template = Template::parse(&text, Escape::None).map_err(shifted)?;
        let pieces = lex::cut(&text).map_err(shifted)?;
        let (proves, disproves) = match pieces.as_slice() {
            [Piece::Expression { words, .. }] => (proven(words), disproven(words)),
            _ => {
                return Err(TemplateError::new(
                    0..expression.len(),
                    "this is not one expression",
                ));
            }
        };
        let reads = template.reads().iter().map(|read| Read {
            range: shift(read.range.clone()),
            ..read.clone()
        });
        Ok(Condition {
            reads: reads.collect(),
            template,
            proves,
            disproves,
        })
    }

    /// As [`Template::resolve`].
    pub fn resolve(
        self,
        place: impl FnMut(&str) -> Option<(Place, usize)>,
    ) -> Option<Condition<Place>> {
        Some(Condition {
            template: self.template.resolve(place)?,
            reads: self.reads,
            proves: self.proves,
            disproves: self.disproves,
        })
    }
}

impl<N> Condition<N> {
    /// What it reads, in order; ranges are those of the expression.
    pub fn reads(&self) -> &[Read] {
        &self.reads
    }

    /// The names that have a value wherever it holds: those of `… is defined`.
    pub fn proves(&self) -> &[String] {
        &self.proves
    }

    /// The names that have a value wherever it does not hold: those of
    /// `… is not defined`.
    pub fn disproves(&self) -> &[String] {
        &self.disproves
    }
}

impl Condition<Place> {
    /// Whether it holds. Nothing, zero, false and what is empty do not.
    ///
    /// # Errors
    ///
    /// As [`Template::value`].
    pub fn holds(&self, scope: &mut dyn Scope) -> Result<bool, RenderError> {
        Ok(match self.template.value(scope)? {
            Value::Null => false,
            Value::Bool(truth) => truth,
            Value::Int(number) => number != 0,
            Value::Float(number) => number != 0.0,
            Value::Text(text) => !text.is_empty(),
            Value::List(items) => !items.is_empty(),
            Value::Map(entries) => !entries.is_empty(),
        })
    }

    /// What it gives whoever asks, if that is always the same.
    pub fn constant(&self) -> Option<bool> {
        let varies = !self.reads.is_empty() || !self.template.calls().is_empty();
        if varies {
            return None;
        }
        self.holds(&mut Nobody(Stream::of(0, 0, Purpose::Values)))
            .ok()
    }

    /// For those who want the value itself.
    pub fn into_template(self) -> Template {
        self.template
    }

    /// The expression as written.
    pub fn text(&self) -> &str {
        let text = self.template.text();
        &text[OPENING.len()..text.len() - CLOSING.len()]
    }
}

/// Whom a condition sees that asks for nothing; the stream is never drawn from.
struct Nobody(Stream);

impl Scope for Nobody {
    fn value(&self, _: Place) -> Option<Value> {
        None
    }

    fn stream(&mut self) -> &mut Stream {
        &mut self.0
    }

    fn unix_now(&self) -> Duration {
        Duration::ZERO
    }
}

/// Whether there is a `=` that is no part of `==`, `<=`, `>=` or `!=`.
fn has_lone_equals(expression: &str) -> bool {
    let bytes = expression.as_bytes();
    (0..bytes.len()).any(|at| {
        let before = at.checked_sub(1).map(|before| bytes[before]);
        bytes[at] == b'='
            && bytes.get(at + 1) != Some(&b'=')
            && !matches!(before, Some(b'=' | b'<' | b'>' | b'!'))
    })
}

/// The paths of `PATH is defined`, alone or joined to others by `and`.
fn proven(words: &[Word<'_>]) -> Vec<String> {
    let parts = joined(words, "and");
    let paths = parts.into_iter().filter_map(|part| {
        let (path, asked) = part.split_last_chunk::<2>()?;
        has_words(asked, ["is", "defined"])
            .then(|| names::bare_path(path))
            .flatten()
    });
    paths.collect()
}

/// The paths of `PATH is not defined`, or `not PATH is defined`, alone or joined
/// to others by `or`.
fn disproven(words: &[Word<'_>]) -> Vec<String> {
    let parts = joined(words, "or");
    let paths = parts.into_iter().filter_map(|part| {
        if let Some((path, asked)) = part.split_last_chunk::<3>()
            && has_words(asked, ["is", "not", "defined"])
        {
            return names::bare_path(path);
        }
        let (not, rest) = part.split_first()?;
        let (path, asked) = rest.split_last_chunk::<2>()?;
        (not.kind == WordKind::Name("not") && has_words(asked, ["is", "defined"]))
            .then(|| names::bare_path(path))
            .flatten()
    });
    paths.collect()
}

fn has_words<const N: usize>(words: &[Word<'_>; N], wanted: [&str; N]) -> bool {
    words.each_ref().map(|word| word.kind) == wanted.map(WordKind::Name)
}

/// The parts of an expression that one word joins, outside of brackets; nothing if
/// another word makes something else of it.
fn joined<'w, 't>(words: &'w [Word<'t>], by: &str) -> Vec<&'w [Word<'t>]> {
    let mut depth = 0_usize;
    let mut parts = Vec::new();
    let mut start = 0;
    for (index, word) in words.iter().enumerate() {
        match word.kind {
            WordKind::Sign(b'(' | b'[' | b'{') => depth += 1,
            WordKind::Sign(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            WordKind::Name(name @ ("and" | "or")) if depth == 0 && name == by => {
                parts.push(&words[start..index]);
                start = index + 1;
            }
            // With any other word beside it, a part says less of the whole.
            WordKind::Name("and" | "or" | "if" | "else") if depth == 0 => return Vec::new(),
            WordKind::Name(_) | WordKind::Number | WordKind::Quoted | WordKind::Sign(_) => {}
        }
    }
    parts.push(&words[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_condition_proves() {
        let rows: [(&str, &[&str]); 8] = [
            ("id is defined", &["id"]),
            ("id is defined and n > 3", &["id"]),
            ("n > 3 and a is defined and b is defined", &["a", "b"]),
            ("id is defined or n > 3", &[]),
            ("not id is defined", &[]),
            ("id is not defined", &[]),
            ("(id is defined or x) and b is defined", &["b"]),
            ("id", &[]),
        ];
        for (text, proves) in rows {
            let condition = Condition::parse(text).unwrap();
            assert_eq!(condition.proves(), proves, "{text}");
        }
    }

    #[test]
    fn what_a_condition_proves_where_it_does_not_hold() {
        let rows: [(&str, &[&str]); 8] = [
            ("id is not defined", &["id"]),
            ("not id is defined", &["id"]),
            ("id is not defined or n > 3", &["id"]),
            ("a is not defined or not b is defined", &["a", "b"]),
            ("id is not defined and n > 3", &[]),
            ("n > 3 and m > 3 or id is not defined", &[]),
            ("id is defined", &[]),
            ("not id", &[]),
        ];
        for (text, disproves) in rows {
            let condition = Condition::parse(text).unwrap();
            assert_eq!(condition.disproves(), disproves, "{text}");
        }
    }

    #[test]
    fn places_are_those_of_the_expression() {
        let condition = Condition::parse("n > top").unwrap();
        let ranges: Vec<_> = condition.reads().iter().map(|read| &read.range).collect();
        assert_eq!(ranges, [&(0..1), &(4..7)]);
        assert_eq!(Condition::parse("n >").unwrap_err().range, 2..3);
        assert_eq!(Condition::parse("a b").unwrap_err().range, 0..3);
        let help = Condition::parse("a = 1").unwrap_err().help;
        assert_eq!(help.as_deref(), Some("two values are compared by `==`"));
    }
}
