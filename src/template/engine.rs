//! The expression engine: what it may do, and one evaluation by it.

use std::{
    collections::HashSet,
    fmt,
    ops::Range,
    sync::{Arc, LazyLock},
};

use minijinja::{
    Environment, Error, ErrorKind, Expression, Output, State, UndefinedBehavior,
    syntax::SyntaxConfig, value::Value as Theirs,
};

use super::{
    Escape, bounds, fake, functions,
    objects::{Names, NotOurs, ours},
};
use crate::base::value::Value;

/// The functions that a template can call.
#[rustfmt::skip]
pub const FUNCTIONS: [&str; 28] = [
    "city", "company", "country", "country_code", "date", "dict", "email", "first_name", "full_name",
    "job", "last_name", "namespace", "now", "paragraph", "paragraphs", "phone", "pick", "postcode",
    "random_int", "random_string", "range", "sentence", "state", "street", "user_name", "uuid", "word",
    "words",
];

/// The filters that a template can use: the engine's without those about HTML
/// and `pprint`, which prints what no target would understand.
#[rustfmt::skip]
pub(super) const FILTERS: [&str; 46] = [
    "abs", "attr", "batch", "bool", "capitalize", "chain", "count", "d", "default", "dictsort",
    "first", "float", "format", "groupby", "indent", "int", "items", "join", "last", "length",
    "lines", "list", "lower", "map", "max", "min", "raw", "reject", "rejectattr",
    "replace", "reverse", "round", "select", "selectattr", "slice", "sort", "split", "string",
    "sum", "title", "tojson", "trim", "unique", "upper", "urlencode", "zip",
];

/// The tests that a template can use after `is`.
#[rustfmt::skip]
pub(super) const TESTS: [&str; 34] = [
    "boolean", "defined", "divisibleby", "endingwith", "eq", "equalto", "even", "false", "filter",
    "float", "ge", "greaterthan", "gt", "in", "int", "integer", "iterable", "le", "lessthan",
    "lower", "lt", "mapping", "ne", "none", "number", "odd", "sameas", "sequence", "startingwith",
    "string", "test", "true", "undefined", "upper",
];

/// The budget of one evaluation: one step each, and 64 bytes each.
///
/// Far more than a form field needs, and gone in a few milliseconds: a loop
/// that never ends becomes a failed request and not a worker that stands still.
const FUEL: u64 = 200_000;

/// Something that the engine has compiled.
#[derive(Clone)]
pub(super) enum Code {
    Expression(Arc<Expression<'static, 'static>>),
    /// A text with `{% … %}` as a whole; its own engine owns it.
    Blocks(Arc<Environment<'static>>),
}

impl fmt::Debug for Code {
    // The engine would print all its filters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Code::Expression(_) => "Expression",
            Code::Blocks(_) => "Blocks",
        })
    }
}

/// What an evaluation came to.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) value: Value,
    pub(super) marking: Marking,
}

/// Whether a value went through `| raw`, or is a text that is escaped already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marking {
    Plain,
    Raw,
}

/// Why an evaluation came to nothing.
#[derive(Debug)]
pub(super) enum Breakdown {
    /// Something undefined was used.
    Undefined,
    /// What went wrong, to stand after the expression: "has no value".
    Other(String),
}

/// Why the engine does not accept a piece of code; `range` is bytes of it.
#[derive(Debug)]
pub(super) struct Rejected {
    pub(super) range: Option<Range<usize>>,
    pub(super) message: String,
}

/// Compiles what stands between `{{` and `}}`.
pub(super) fn compile_expression(code: &str) -> Result<Code, Rejected> {
    static ENGINE: LazyLock<Environment<'static>> = LazyLock::new(engine);
    if !bounds::expression_fits(code) {
        return Err(too_long());
    }
    ENGINE
        .compile_expression_owned(code.to_owned())
        .map(|expression| Code::Expression(Arc::new(expression)))
        .map_err(|error| rejected(&error))
}

/// Compiles a text as a whole; tells also which names it does not make itself.
pub(super) fn compile_blocks(
    text: &str,
    escape: Escape,
) -> Result<(Code, HashSet<String>), Rejected> {
    if !bounds::blocks_fit(text) {
        return Err(too_long());
    }
    let mut engine = engine();
    engine.set_formatter(move |out, state, value| format(escape, out, state, value));
    engine
        .add_template_owned(BLOCKS, text.to_owned())
        .map_err(|error| rejected(&error))?;
    let compiled = engine.get_template(BLOCKS).expect("it was just added");
    let free = compiled.undeclared_variables(false);
    Ok((Code::Blocks(Arc::new(engine)), free))
}

/// The name of the only template in an engine that has one.
const BLOCKS: &str = "text";

impl Code {
    /// Evaluates once. Functions must have been lent a user.
    pub(super) fn evaluate(&self, names: Names) -> Result<Outcome, Breakdown> {
        let names = Theirs::from_object(names);
        match self {
            Code::Expression(expression) => {
                let result = expression.eval(names).map_err(breakdown)?;
                let marking = if result.is_safe() {
                    Marking::Raw
                } else {
                    Marking::Plain
                };
                match ours(&result) {
                    Ok(value) => Ok(Outcome { value, marking }),
                    Err(NotOurs::Undefined) => Err(Breakdown::Undefined),
                    Err(reason) => Err(Breakdown::Other(reason.to_string())),
                }
            }
            Code::Blocks(engine) => {
                let template = engine.get_template(BLOCKS).expect("it was added");
                let text = template.render(names).map_err(breakdown)?;
                Ok(Outcome {
                    value: Value::text(text),
                    marking: Marking::Raw,
                })
            }
        }
    }
}

fn engine() -> Environment<'static> {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    engine.set_fuel(Some(FUEL));
    engine.set_debug(false);
    let syntax = SyntaxConfig::builder().keep_trailing_newline(true).build();
    engine.set_syntax(syntax.expect("the usual signs are valid"));
    // They are about HTML, which nobody escapes here, and mark a value as `raw` does.
    for filter in ["safe", "escape", "e"] {
        engine.remove_filter(filter);
    }
    engine.remove_global("debug");
    engine.add_filter("raw", raw);
    engine.add_filter("string", string);
    functions::add_to(&mut engine);
    fake::add_to(&mut engine);
    engine
}

/// `| raw`: a URL takes the value as it is.
///
/// The engine's mark for "safe in HTML" carries it; nothing else sets it here.
fn raw(value: Theirs) -> Theirs {
    match value.as_str() {
        Some(text) => Theirs::from_safe_string(text.to_owned()),
        // Other values are never encoded, and keep their types.
        None => value,
    }
}

/// `| string`, with `true` and `false` as plans write them.
#[allow(clippy::needless_pass_by_value)]
fn string(value: Theirs) -> Result<String, Error> {
    let mut text = String::new();
    print_into(Escape::None, &value, &mut text)?;
    Ok(text)
}

/// Writes a value between the literal parts of a text with blocks.
fn format(
    escape: Escape,
    out: &mut Output<'_>,
    _: &mut State<'_, '_>,
    value: &Theirs,
) -> Result<(), Error> {
    let escape = if value.is_safe() {
        Escape::None
    } else {
        escape
    };
    let mut text = String::new();
    print_into(escape, value, &mut text)?;
    out.write_str(&text).map_err(Error::from)
}

fn print_into(escape: Escape, value: &Theirs, out: &mut String) -> Result<(), Error> {
    let refusal = |what: String| Error::new(ErrorKind::InvalidOperation, what);
    let value = ours(value).map_err(|reason| refusal(format!("a value in it {reason}")))?;
    escape
        .write(&value, out)
        .map_err(|not| refusal(format!("a value in it is {} and has no text", not.0)))
}

#[allow(clippy::needless_pass_by_value)]
fn breakdown(error: Error) -> Breakdown {
    match error.kind() {
        ErrorKind::UndefinedError => Breakdown::Undefined,
        ErrorKind::OutOfFuel => Breakdown::Other("takes too many steps".to_owned()),
        kind => Breakdown::Other(match error.detail() {
            Some(detail) => format!("cannot be worked out: {detail}"),
            None => format!("cannot be worked out: {kind}"),
        }),
    }
}

fn too_long() -> Rejected {
    Rejected {
        range: None,
        message: "it is longer than anybody can check: make it of several variables".to_owned(),
    }
}

fn rejected(error: &Error) -> Rejected {
    let message = match error.detail() {
        Some("unexpected character") => {
            "a character that cannot stand here; names are made of a-z, A-Z, 0-9 and _".to_owned()
        }
        Some("template exceeds maximum recursion limits") => "it is nested too deeply".to_owned(),
        Some(detail) => detail.replace("end of input", "end"),
        None => error.kind().to_string(),
    };
    Rejected {
        range: error.range(),
        message,
    }
}
