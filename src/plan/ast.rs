//! Plain data: what a plan says, with the place of everything it says.
//!
//! Values are still text where they are templates, and names are still names.
//! Both formats, YAML and TOML, become exactly this; it knows nothing of either.

use std::time::Duration;

use url::Url;

use crate::{
    base::{
        dealing::Dealing, redirects::Redirects, threshold::Threshold, value::Value, wait::Wait,
    },
    source::{FileId, Span, Spanned},
};

mod answer;
mod connecting;
mod environment;
mod find;
mod flow;
mod load;
mod request;

pub use answer::{Absent, Expect, Extract, ExtractFrom, IfMissing, Shown, Wanted};
pub use connecting::Connecting;
pub use environment::Environment;
pub use find::{Find, MEASURED};
pub use flow::{Branch, For, Group, Items, Meet, Repeat, Stop, Turns};
pub use load::{Change, Level, Load, MAX_STEPS, Stage, Staircase, amount};
pub use request::{Aim, Auth, Part, Submit, Upload};

/// A text with `{{ … }}` in it, or a selector, or a regex: as written, unescaped.
///
/// The span has as many bytes as the text where its source is the text itself,
/// which it is unless it has escapes or several lines; quotes are left out of
/// it. A part of the text is then that part of the span.
pub type Text = Spanned<String>;

/// Whether a file says all that a run needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanKind {
    /// It has users.
    Whole,
    /// Tasks and data for others to include: checked as far as that goes, never run.
    Fragment,
}

/// A whole plan, includes merged in.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub kind: PlanKind,
    pub name: Option<Text>,
    pub description: Option<Text>,
    pub target: Option<Spanned<Url>>,
    pub vars: Vec<Variable>,
    /// Names of values that whoever runs the plan supplies.
    pub secrets: Vec<Text>,
    pub data: Vec<DataSource>,
    pub defaults: Defaults,
    /// Steps of one user before all others come.
    pub setup: Vec<Step>,
    pub users: Vec<Class>,
    /// Steps of one user after all others have left.
    pub teardown: Vec<Step>,
    pub tasks: Vec<Task>,
    pub load: Load,
    pub thresholds: Vec<Spanned<Threshold>>,
    pub environments: Vec<Environment>,
    /// Names of tasks and classes that the command line has left out of this run.
    pub left_out: Vec<Text>,
    /// Where the root plan begins, for what is missing from it as a whole.
    pub top: Span,
}

/// `username: 'u{{ user.id }}'` under `vars`.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    pub name: Text,
    pub value: Spanned<Literal>,
}

/// A value as written: text may hold templates, the rest is itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// Null, a bool or a number.
    Plain(Value),
    Text(String),
    List(Vec<Spanned<Literal>>),
    Map(Vec<(Text, Spanned<Literal>)>),
}

/// `accounts: { csv: accounts.csv, order: shuffled }` under `data`.
#[derive(Clone, Debug, PartialEq)]
pub struct DataSource {
    pub name: Text,
    pub rows: DataRows,
    pub dealing: Dealing,
}

/// Where rows come from. Files are relative to the file that names them, which is that
/// of their span.
#[derive(Clone, Debug, PartialEq)]
pub enum DataRows {
    Csv {
        file: Text,
        delimiter: u8,
    },
    Json(Text),
    JsonLines(Text),
    /// Written in the plan: names of columns, and values that are no templates.
    Inline(Vec<InlineRow>),
    /// They could not be read, which was told of.
    Unread,
}

/// A row that is written in the plan: its columns and their values.
pub type InlineRow = Vec<(Text, Spanned<Literal>)>;

/// What holds for every request that does not say otherwise.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Defaults {
    pub timeout: Timeout,
    pub redirects: Option<Spanned<Redirects>>,
    pub headers: Vec<(Text, Text)>,
    pub auth: Option<Spanned<Auth>>,
    pub expect: Expect,
    pub tls: Tls,
    pub connecting: Connecting,
}

/// `tls: { ca: test_ca.pem }` under `defaults`.
///
/// Files are relative to the file that names them, which is that of their span.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tls {
    pub insecure: Option<Spanned<bool>>,
    pub ca: Option<Text>,
    pub cert: Option<Text>,
    pub key: Option<Text>,
}

/// How long the parts of a request may take, as far as it is said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeout {
    pub total: Option<Spanned<Duration>>,
    pub connect: Option<Spanned<Duration>>,
    pub response: Option<Spanned<Duration>>,
}

/// A class of users.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    pub name: Text,
    /// What `--only` and `--skip` know it by.
    pub tags: Vec<Text>,
    pub share: Share,
    pub wait: Spanned<Wait>,
    pub vars: Vec<Variable>,
    pub defaults: Defaults,
    pub on_start: Vec<Step>,
    pub body: Body,
    pub on_stop: Vec<Step>,
    pub on_start_fail: OnStartFail,
    /// A load of its own, in place of a share of the plan's.
    pub load: Option<Load>,
}

/// How many users of a run belong to a class.
#[derive(Clone, Debug, PartialEq)]
pub enum Share {
    /// A share of those that have no exact number.
    Weight(Spanned<u32>),
    /// An exact number.
    Count(Spanned<u32>),
}

/// What a user does, round after round.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// One task, drawn by weight, each round.
    Tasks(Vec<Weighted>),
    /// All steps in order, a wait after each.
    Sequence(Vec<Step>),
    /// One task for life: the k-th user has the k-th place of an exact split.
    ChooseOnce(Vec<Weighted>),
}

/// A task's name and its weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighted {
    pub task: Text,
    pub weight: Spanned<u32>,
}

/// What happens to a user whose `on_start` failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnStartFail {
    /// A new one takes its place after the class's wait.
    #[default]
    NewUser,
    StopUser,
    StopRun,
}

/// Something that users do, by its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    pub name: Text,
    /// What `--only` and `--skip` know it by.
    pub tags: Vec<Text>,
    /// What whoever runs it may hand over; seen only by its own steps.
    pub params: Vec<Parameter>,
    pub kind: TaskKind,
}

/// `params: [title]`, or `params: { title: hello }` with what it is if not given.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    pub name: Text,
    pub default: Option<Spanned<Literal>>,
}

/// What a task is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskKind {
    /// Steps, one after the other, with no waits but those among them.
    Steps(Vec<Step>),
    /// A set: entered, stayed in for its rounds, left.
    Set(Box<Set>),
}

/// A nested set: a class's body inside a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Set {
    pub on_start: Vec<Step>,
    pub body: Body,
    /// In place of the class's own.
    pub wait: Option<Spanned<Wait>>,
    /// One round if not given, or, with `until`, as many as that takes.
    pub rounds: Option<Spanned<Rounds>>,
    /// An expression; looked at after each round.
    pub until: Option<Text>,
    pub on_stop: Vec<Step>,
}

/// How many rounds a set is stayed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounds {
    Count(u32),
    Forever,
}

/// One thing that a user does. Two are equal wherever they stand.
#[derive(Clone, Debug)]
pub struct Step {
    pub span: Span,
    /// An expression; the step is skipped where it does not hold.
    pub when: Option<Text>,
    pub kind: StepKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    Request(Box<Request>),
    /// Runs a task here.
    Task(Call),
    /// Waits; `None` is `think`, the set's or class's own wait.
    Wait(Option<Spanned<Wait>>),
    /// Gives variables new values.
    Set(Vec<Variable>),
    /// Takes variables away.
    Unset(Vec<Text>),
    /// A sample of one's own, without a request.
    Record(Box<Record>),
    /// A line in the log.
    Log(Text),
    /// One of two lists of steps.
    If(Box<Branch>),
    /// The same steps again and again.
    Repeat(Box<Repeat>),
    /// The same steps for each item of a list.
    For(Box<For>),
    /// One of some tasks, drawn by weight.
    Choose(Vec<Weighted>),
    /// Steps that are timed together.
    Group(Box<Group>),
    /// Requests that are sent side by side.
    Parallel(Vec<Step>),
    /// Waits for other users.
    Meet(Box<Meet>),
    /// Ends the user, or the run.
    Stop(Stop),
}

/// `task: NAME` with arguments for its `params`.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub name: Text,
    pub with: Vec<Variable>,
}

/// `record: { type: log, name: ERROR, time: 1ms..10ms, ok: true }`
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// What kind of thing it is: it stands where requests have their method.
    pub kind: Text,
    pub name: Text,
    /// Slept, and then recorded; none if not given.
    pub time: Option<Spanned<Wait>>,
    /// Whether it went well; it did if not given.
    pub ok: Option<Spanned<Literal>>,
}

/// A request as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub aim: Aim,
    pub name: Option<Text>,
    /// Added to what the URL has; in the order written, values as their source text.
    pub query: Vec<(Text, Text)>,
    pub headers: Vec<(Text, Text)>,
    pub auth: Option<Spanned<Auth>>,
    pub payload: Option<Payload>,
    pub redirects: Option<Spanned<Redirects>>,
    pub timeout: Timeout,
    pub expect: Expect,
    pub extract: Vec<Extract>,
    pub on_fail: OnFail,
}

/// What a request sends after its head.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload {
    /// Fields of a form, in the order written; values keep their source text.
    Form(Vec<(Text, Text)>),
    /// Any value, as JSON.
    Json(Spanned<Literal>),
    /// A text as it is.
    Text(Text),
    /// Fields and files of a form, in the order written.
    Multipart(Vec<(Text, Part)>),
    /// A file as it is; relative to the file that names it, which is that of the span.
    File(Text),
}

/// What happens to a user whose request failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnFail {
    /// It leaves the task that was drawn, through every task between.
    #[default]
    LeaveTask,
    /// It goes on with the next step.
    Continue,
    /// It leaves, by way of `on_stop`.
    StopUser,
    /// The whole run ends, as after a signal.
    StopRun,
}

impl Plan {
    /// A plan that says nothing yet.
    pub fn empty(file: FileId) -> Plan {
        Plan {
            kind: PlanKind::Whole,
            name: None,
            description: None,
            target: None,
            vars: Vec::new(),
            secrets: Vec::new(),
            data: Vec::new(),
            defaults: Defaults::default(),
            setup: Vec::new(),
            users: Vec::new(),
            teardown: Vec::new(),
            tasks: Vec::new(),
            load: Load::default(),
            thresholds: Vec::new(),
            environments: Vec::new(),
            left_out: Vec::new(),
            top: Span::top_of(file),
        }
    }
}

impl Request {
    /// Where the plan says where it goes: its URL, or the selector of its form.
    pub fn place(&self) -> Span {
        match &self.aim {
            Aim::Url { url, .. } => url.span,
            Aim::Form(submit) => submit.form.span,
        }
    }
}

impl Share {
    /// The number and where it stands.
    pub fn number(&self) -> &Spanned<u32> {
        match self {
            Share::Weight(number) | Share::Count(number) => number,
        }
    }
}

impl PartialEq for Step {
    fn eq(&self, other: &Step) -> bool {
        self.kind == other.kind && self.when == other.when
    }
}
