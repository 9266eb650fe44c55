//! Every key of a plan, once.
//!
//! The tables here are what the reader reads, what the JSON Schema is made of,
//! and what messages list when they propose a key. The file `table` holds them; this
//! file says what a table is.
//!
//! # What is not here
//!
//! How a value is read (that is `read`) and how it is checked by a schema (that
//! is `schema`): a [`Shape`] only names it.

mod answers;
mod auth;
mod below;
mod connecting;
mod defaults;
mod environment;
mod find;
mod flow;
mod load;
mod requests;
mod steps;
mod table;
mod tls;

pub use answers::{EXPECT, EXTRACT, WHOLE_SOURCES};
pub use auth::{AUTH, BASIC, NO_AUTH};
pub use connecting::{NO_PROXY, PLACE};
pub use defaults::DEFAULTS;
pub use environment::ENVIRONMENT;
pub use find::FIND;
pub use flow::{CHOOSE, FOR, GROUP, IF, MEET, MEETING, PARALLEL, REPEAT, STOP, TURNS};
pub use load::{CLASS_LOAD, LOAD, SPREADS, STAGE, STEPS_OF_LOAD};
pub use requests::{DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, SUBMIT, UPLOAD};
pub use steps::{LOG, RECORD, RECORDED, RUN_TASK, SET, STEPS, TASK, THINK, UNSET};
pub use table::{CLASS, DATA_SOURCE, FRAGMENT, NORMAL, PLAN, SECTIONS, TIMEOUTS, WAIT_FORM};
pub use tls::TLS;

/// The version of the format that this program reads.
pub const FORMAT_VERSION: i64 = 1;

/// Names that stand for something else in templates and cannot be variables.
#[rustfmt::skip]
pub const RESERVED_NAMES: [&str; 18] = [
    "run", "user", "secret", "response", "iteration",
    // Words of expressions.
    "and", "else", "false", "False", "if", "in", "is", "none", "None", "not", "or", "true", "True",
];

/// Rounds without end.
pub const FOREVER: &str = "forever";

/// The delimiter that cannot be seen.
pub const TAB: &str = "tab";

/// The name that no task can have: as a step it waits.
pub const WAIT_STEP: &str = "wait";

/// A mapping with a fixed set of keys.
#[derive(Debug)]
pub struct Section {
    /// Its name in the schema: `request`.
    pub name: &'static str,
    /// In a sentence, with its article: `a GET request`.
    pub title: &'static str,
    /// What it is for.
    pub summary: &'static str,
    /// In the order in which a plan usually has them.
    pub keys: &'static [Key],
    /// Keys that exclude each other.
    pub groups: &'static [Group],
    /// Keys that people look for here in vain, and what to do instead.
    pub hints: &'static [(&'static str, &'static str)],
}

/// One key of a section.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    pub name: &'static str,
    pub shape: Shape,
    pub need: Need,
    /// What it says, as it stands after "`wait` is missing: ".
    pub summary: &'static str,
    /// A value to propose if it is missing.
    pub proposal: Option<&'static str>,
}

/// Whether a key has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Optional,
    Required,
    /// At least one of a group, alone or together.
    AtLeastOne,
}

/// Keys of which a mapping has one.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    pub keys: &'static [&'static str],
    /// Whether one of them has to be there.
    pub need: Need,
}

/// What the value of a key can be.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// `1`, and nothing else.
    Version,
    /// A text; numbers and truth values count as the text they are written as.
    Text,
    /// A text with templates in it.
    Template,
    /// A template that may be empty: the value of a form field or a header.
    Field,
    /// `none`, or [`AUTH`].
    Auth,
    /// As [`Shape::Field`], or a list of these.
    Fields,
    /// As [`Shape::Field`], a file, or a list of these.
    Parts,
    /// The value of a field of a page: as [`Shape::Parts`], or null.
    Filled,
    /// A path relative to the file that names it.
    Path,
    /// One sign, or `tab`.
    Delimiter,
    /// The absolute URL that paths are appended to.
    BaseUrl,
    /// `1.1` or `2`, as numbers or texts.
    HttpVersion,
    /// A text that this regular expression matches.
    Like(&'static str),
    /// A CSS selector.
    Selector,
    /// A CSS selector that must not match, or `none`.
    Absent,
    /// A regular expression.
    Regex,
    /// A JSONPath.
    JsonPath,
    /// The name of a header.
    HeaderName,
    /// `500ms`, `1h20m`.
    Duration,
    /// `512`, `1kB..2MB`.
    Size,
    /// `none`, `5s`, `5s..10s`, `{ exponential: 7s }`, `{ normal: … }`.
    Wait,
    /// A duration, or [`TIMEOUTS`].
    Timeout,
    /// A wait, or `think` for the class's own.
    StepWait,
    /// `200`, `2xx`, `ok`, or a list of these.
    Status,
    /// `p95 < 300ms`.
    Threshold,
    /// A whole number, at least this.
    Whole(u32),
    /// `true`, and nothing else.
    True,
    /// `true` or `false`.
    Truth,
    /// One of these words, or a number from 1.
    Pick(&'static [&'static str]),
    /// A number of elements, or a text.
    Shown,
    /// Where a value comes from: [`EXTRACT`], or one of [`WHOLE_SOURCES`].
    Extraction,
    /// A name of the author's choice, a list of them, or names with one of these.
    Wanted(Names, &'static Shape),
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// The name of a task.
    TaskName,
    /// The name of a variable.
    VariableName,
    /// An expression, without braces: `post_id is defined`.
    Expression,
    /// A number of rounds, or `forever`.
    Rounds,
    /// A number of turns, or [`TURNS`].
    Turns,
    /// An expression that gives a list, or a list of any values.
    Items,
    /// Names of parameters, or names and what they are if not given.
    Params,
    /// Any value of a variable.
    Literal,
    /// Task name to weight, or a list of names.
    Drawn,
    /// A task: its steps, or a mapping that holds them.
    Task,
    /// A step: a task's name, or one of [`STEPS`].
    Step,
    /// Any number of these.
    List(&'static Shape),
    /// At least one of these.
    FullList(&'static Shape),
    /// Names of the author's choice, each with one of these.
    Map(Names, &'static Shape),
    /// As [`Shape::Map`], with at least one.
    FullMap(Names, &'static Shape),
    /// A mapping of its own.
    Section(&'static Section),
}

/// Which names an author may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Letters, digits and `_`: they stand in templates.
    Variable,
    /// The same, behind the name of a data source.
    Column,
    /// Anything but `wait`.
    Task,
    /// Anything.
    Class,
    /// Anything.
    Field,
    /// What HTTP allows as a header's name.
    Header,
    /// A host, and perhaps a port.
    Place,
}

impl Section {
    /// The key of that name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

impl Key {
    /// A key that may be left out.
    pub const fn optional(name: &'static str, shape: Shape, summary: &'static str) -> Key {
        Key {
            name,
            shape,
            need: Need::Optional,
            summary,
            proposal: None,
        }
    }

    /// A key that has to be there.
    pub const fn required(
        name: &'static str,
        shape: Shape,
        summary: &'static str,
        proposal: Option<&'static str>,
    ) -> Key {
        Key {
            name,
            shape,
            need: Need::Required,
            summary,
            proposal,
        }
    }
}

/// Whether a text can be the name of a variable: `[A-Za-z_][A-Za-z0-9_]*`.
pub fn is_variable_name(name: &str) -> bool {
    let mut signs = name.chars();
    signs
        .next()
        .is_some_and(|sign| sign.is_ascii_alphabetic() || sign == '_')
        && signs.all(|sign| sign.is_ascii_alphanumeric() || sign == '_')
}

/// Whether a text can be a tag: no comma, which parts them on the command line, and
/// no space.
pub fn is_tag(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || "_.-".contains(sign))
}

/// Whether a text can be the name of a header, as RFC 9110 has it.
pub fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(sign))
}
