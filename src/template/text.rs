//! A compiled text, and how it is rendered.

use std::sync::Arc;

use super::{
    Escape, Place, Read, RenderError, Scope, TemplateError,
    engine::{Breakdown, Code, Marking, Outcome},
    functions,
    objects::{Names, theirs},
    parse,
};
use crate::base::value::Value;

/// A compiled text. `N` is how it names what it reads: [`String`] as parsed,
/// [`Place`] when resolved.
#[derive(Clone, Debug)]
pub struct Template<N = Place> {
    text: Box<str>,
    parts: Box<[Part<N>]>,
    reads: Vec<Read>,
}

/// A part of a text.
#[derive(Clone, Debug)]
pub(super) enum Part<N> {
    Literal(Box<str>),
    /// A variable and nothing else.
    Plain {
        reading: Reading<N>,
        escape: Escape,
    },
    /// Everything else; `written` is its code without the braces.
    Computed {
        code: Code,
        readings: Box<[Reading<N>]>,
        written: Box<str>,
        escape: Escape,
    },
}

/// A value that is read: from a place, and then by its attributes.
#[derive(Clone, Debug)]
pub(super) struct Reading<N> {
    path: Arc<str>,
    place: N,
    /// How many bytes of the path the place answers for.
    covered_bytes: usize,
}

impl Reading<String> {
    pub(super) fn of(path: &str) -> Reading<String> {
        Reading {
            path: path.into(),
            place: path.to_owned(),
            covered_bytes: path.len(),
        }
    }

    fn resolve(
        self,
        place: &mut impl FnMut(&str) -> Option<(Place, usize)>,
    ) -> Option<Reading<Place>> {
        let (place, segments) = place(&self.place)?;
        let mut dots = self.path.match_indices('.').map(|(at, _)| at);
        let covered_bytes = dots
            .nth(segments.saturating_sub(1))
            .unwrap_or(self.path.len());
        Some(Reading {
            path: self.path,
            place,
            covered_bytes,
        })
    }
}

impl Template<String> {
    /// Compiles a text.
    ///
    /// # Errors
    ///
    /// [`TemplateError`] for the first thing that is wrong with it: syntax, an
    /// unknown function, filter or test.
    pub fn parse(text: &str, escape: Escape) -> Result<Template<String>, TemplateError> {
        parse::parse(text, escape)
    }

    pub(super) fn new(text: &str, parts: Vec<Part<String>>, reads: Vec<Read>) -> Template<String> {
        Template {
            text: text.into(),
            parts: parts.into(),
            reads,
        }
    }

    /// What it reads, in order.
    pub fn reads(&self) -> &[Read] {
        &self.reads
    }

    /// Turns names into places. `place` answers a dotted path with the place of
    /// its value and how many segments of the path that place covers; the others
    /// are looked up in the value. Returns `None` if it has no answer for one of
    /// them.
    pub fn resolve(
        self,
        mut place: impl FnMut(&str) -> Option<(Place, usize)>,
    ) -> Option<Template<Place>> {
        let parts = self.parts.into_iter().map(|part| match part {
            Part::Literal(text) => Some(Part::Literal(text)),
            Part::Plain { reading, escape } => Some(Part::Plain {
                reading: reading.resolve(&mut place)?,
                escape,
            }),
            Part::Computed {
                code,
                readings,
                written,
                escape,
            } => Some(Part::Computed {
                code,
                readings: readings
                    .into_iter()
                    .map(|reading| reading.resolve(&mut place))
                    .collect::<Option<_>>()?,
                written,
                escape,
            }),
        });
        Some(Template {
            parts: parts.collect::<Option<_>>()?,
            text: self.text,
            reads: self.reads,
        })
    }
}

impl<N> Template<N> {
    /// Whether it is one whole variable and nothing else.
    pub fn is_variable(&self) -> bool {
        match &*self.parts {
            [Part::Plain { reading, .. }] => !reading.path.contains('.'),
            _ => false,
        }
    }

    /// How it reads in the name of a request: a bare variable as `{post_id}`, any
    /// other expression as `{…}`.
    pub fn outline(&self) -> String {
        let mut outline = String::with_capacity(self.text.len());
        for part in &self.parts {
            match part {
                Part::Literal(text) => outline.push_str(text),
                Part::Plain { reading, .. } => {
                    outline.push('{');
                    outline.push_str(&reading.path);
                    outline.push('}');
                }
                Part::Computed { .. } => outline.push_str("{…}"),
            }
        }
        outline
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, if nothing in it is computed.
    pub fn literal(&self) -> Option<&str> {
        match &*self.parts {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }
}

impl Template<Place> {
    /// Appends the rendered text to `out`.
    ///
    /// # Errors
    ///
    /// [`RenderError`] if a value is missing, has no text, or a function fails.
    /// `out` may then hold a part of the text.
    pub fn render(&self, scope: &mut dyn Scope, out: &mut String) -> Result<(), RenderError> {
        for part in &self.parts {
            part.render(scope, out)?;
        }
        Ok(())
    }

    /// The rendered value: of a text that is one `{{ … }}` alone, with its type;
    /// of any other, text.
    ///
    /// # Errors
    ///
    /// As [`Template::render`].
    pub fn value(&self, scope: &mut dyn Scope) -> Result<Value, RenderError> {
        match &*self.parts {
            [Part::Plain { reading, .. }] => reading.value(scope),
            [
                Part::Computed {
                    code,
                    readings,
                    written,
                    ..
                },
            ] => Ok(compute(code, readings, written, scope)?.value),
            _ => {
                let mut text = String::with_capacity(self.text.len());
                self.render(scope, &mut text)?;
                Ok(Value::text(text))
            }
        }
    }
}

impl Part<Place> {
    fn render(&self, scope: &mut dyn Scope, out: &mut String) -> Result<(), RenderError> {
        match self {
            Part::Literal(text) => {
                out.push_str(text);
                Ok(())
            }
            Part::Plain { reading, escape } => {
                write(&reading.value(scope)?, *escape, &reading.path, out)
            }
            Part::Computed {
                code,
                readings,
                written,
                escape,
            } => {
                let outcome = compute(code, readings, written, scope)?;
                let escape = match outcome.marking {
                    Marking::Plain => *escape,
                    Marking::Raw => Escape::None,
                };
                write(&outcome.value, escape, written, out)
            }
        }
    }
}

impl Reading<Place> {
    fn value(&self, scope: &dyn Scope) -> Result<Value, RenderError> {
        let (covered, attributes) = self.path.split_at(self.covered_bytes);
        let value = scope.value(self.place);
        let mut value = value.ok_or_else(|| lacking(covered, self.place, scope))?;
        for name in attributes.split('.').skip(1) {
            let Value::Map(map) = &value else {
                return Err(self.without(name));
            };
            let found = map.iter().find(|(known, _)| **known == *name);
            value = found.ok_or_else(|| self.without(name))?.1.clone();
        }
        Ok(value)
    }

    fn without(&self, name: &str) -> RenderError {
        RenderError::about(
            &self.path,
            format_args!("has no value: there is no `{name}`"),
        )
    }

    /// Under which path the engine finds it, and what it finds.
    fn entry(&self, scope: &dyn Scope) -> (Arc<str>, Option<minijinja::Value>) {
        match scope.value(self.place) {
            Some(value) => {
                let covered = if self.covered_bytes == self.path.len() {
                    Arc::clone(&self.path)
                } else {
                    self.path[..self.covered_bytes].into()
                };
                (covered, Some(theirs(&value)))
            }
            // The whole path, so that `x.y | default(0)` holds without any `x`.
            None => (Arc::clone(&self.path), None),
        }
    }
}

fn lacking(path: &str, place: Place, scope: &dyn Scope) -> RenderError {
    match scope.lack(place) {
        None => RenderError::not_set(path),
        Some(why) => RenderError::about(path, format_args!("has no value: {why}")),
    }
}

fn write(value: &Value, escape: Escape, code: &str, out: &mut String) -> Result<(), RenderError> {
    escape
        .write(value, out)
        .map_err(|not| RenderError::about(code, format_args!("is {} and has no text", not.0)))
}

fn compute(
    code: &Code,
    readings: &[Reading<Place>],
    written: &str,
    scope: &mut dyn Scope,
) -> Result<Outcome, RenderError> {
    let names = readings
        .iter()
        .map(|reading| reading.entry(scope))
        .collect();
    let result = functions::lending(scope, || code.evaluate(Names::new(names)));
    result.map_err(|breakdown| match breakdown {
        Breakdown::Other(what) => RenderError::about(written, what),
        Breakdown::Undefined => readings
            .iter()
            .find(|reading| scope.value(reading.place).is_none())
            .map_or_else(
                || RenderError::about(written, "has no value"),
                |reading| lacking(&reading.path, reading.place, scope),
            ),
    })
}
