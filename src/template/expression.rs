//! An expression on its own: a condition, written without braces.

use super::{
    Escape, Place, Read, RenderError, Scope, Template, TemplateError,
    lex::{self, Piece, Word, WordKind},
    names,
};
use crate::base::value::Value;

/// A compiled condition. `N` is as that of [`Template`].
#[derive(Clone, Debug)]
pub struct Condition<N = Place> {
    template: Template<N>,
    reads: Vec<Read>,
    proves: Vec<String>,
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
        let proves = match pieces.as_slice() {
            [Piece::Expression { words, .. }] => proven(words),
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

    /// The expression as written.
    pub fn text(&self) -> &str {
        let text = self.template.text();
        &text[OPENING.len()..text.len() - CLOSING.len()]
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
    let mut depth = 0_usize;
    // Where each part begins and ends.
    let mut parts = vec![(0, 0)];
    for (index, word) in words.iter().enumerate() {
        match word.kind {
            WordKind::Sign(b'(' | b'[' | b'{') => depth += 1,
            WordKind::Sign(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            WordKind::Name("or" | "if" | "else") if depth == 0 => return Vec::new(),
            WordKind::Name("and") if depth == 0 => {
                parts.push((index + 1, index + 1));
                continue;
            }
            WordKind::Name(_) | WordKind::Number | WordKind::Quoted | WordKind::Sign(_) => {}
        }
        parts.last_mut().expect("there is one from the start").1 = index + 1;
    }
    let path_of = |(start, end): (usize, usize)| {
        let (path, asked) = words[start..end].split_last_chunk::<2>()?;
        let kinds = asked.each_ref().map(|word| word.kind);
        let asks = kinds == [WordKind::Name("is"), WordKind::Name("defined")];
        if asks { names::bare_path(path) } else { None }
    };
    parts.into_iter().filter_map(path_of).collect()
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
