//! Which names there are, and where their values live.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use crate::{
    base::ids::{FeedId, VarId},
    feed::{Column, Feed, RowPlace},
    plan::{
        CheckedPlan,
        ast::{self, IfMissing, StepKind},
    },
    source::{Span, nearest},
    template::{Fact, Place},
};

/// All names that templates of a plan can read.
#[derive(Debug, Default)]
pub(super) struct Names {
    vars: Vec<Arc<str>>,
    by_name: HashMap<Arc<str>, VarId>,
    /// Where a variable is first set, and how.
    first_set: Vec<(Span, SetBy)>,
    /// Where a variable is first taken away.
    unset_at: HashMap<VarId, (Span, UnsetBy)>,
    /// By task: its parameters, which are seen only inside it.
    params: HashMap<Arc<str>, HashMap<Arc<str>, VarId>>,
    /// By the place of its name: the item of a `for`, and what it goes through.
    items: HashMap<Span, LoopVars>,
    feeds: Vec<(Arc<str>, Vec<Column>)>,
    unreadable: Vec<Box<str>>,
    secrets: Vec<Arc<str>>,
}

/// What is kept track of about answers: see [`Names::answer`] and those after it.
const FACTS_OF_ANSWERS: usize = 3;

/// How a variable gets its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SetBy {
    Vars,
    Extract(Guard),
    /// A `set` step.
    Step(Guard),
    /// Whoever runs the task.
    Argument,
    /// A `for`, for its own steps.
    Item,
}

/// Whether a step has a condition of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    None,
    When,
    /// It stands on one of the ways of an `if`.
    Branch,
}

/// The places of steps that stand on one of the ways of an `if`.
fn in_branches(plan: &ast::Plan) -> HashSet<Span> {
    let ways = plan.steps().filter_map(|step| match &step.kind {
        StepKind::If(_) => Some(step.lists()),
        _ => None,
    });
    let within = ways.flatten().flat_map(|way| plan.steps_within(way));
    within.map(|step| step.span).collect()
}

impl Guard {
    fn of(step: &ast::Step, branches: &HashSet<Span>) -> Guard {
        if step.when.is_some() {
            Guard::When
        } else if branches.contains(&step.span) {
            Guard::Branch
        } else {
            Guard::None
        }
    }
}

/// The variables of a `for`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LoopVars {
    /// The item whose turn it is; seen only by its steps.
    pub(super) item: VarId,
    /// All of them; no template can name it.
    pub(super) list: VarId,
}

/// How a variable loses its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnsetBy {
    /// An `unset` step.
    Step,
    /// An answer without a value that is optional.
    Answer,
}

/// Names that stand for facts about the run and the user.
const BUILT_IN: [(&str, Place, usize); 12] = [
    ("run.id", Place::RunId, 2),
    ("run.seed", Place::RunSeed, 2),
    ("user.id", Place::UserId, 2),
    ("user.class", Place::UserClass, 2),
    ("iteration", Place::Iteration, 1),
    ("response.status", Place::Response(Fact::Status), 2),
    ("response.url", Place::Response(Fact::Url), 2),
    ("response.path", Place::Response(Fact::Path), 2),
    ("response.headers", Place::Response(Fact::Headers), 2),
    ("response.body", Place::Response(Fact::Body), 2),
    ("response.json", Place::Response(Fact::Json), 2),
    ("response.time", Place::Response(Fact::Time), 2),
];

impl Names {
    /// Collects the variables of a plan.
    pub(super) fn of(plan: &CheckedPlan) -> Names {
        let mut names = Names::default();
        let plan = plan.plan();
        for variable in plan
            .vars
            .iter()
            .chain(plan.users.iter().flat_map(|class| &class.vars))
        {
            names.set(&variable.name, SetBy::Vars);
        }
        let mut unset = Vec::new();
        let branches = in_branches(plan);
        for step in plan.steps() {
            match &step.kind {
                StepKind::Request(request) => {
                    for extract in &request.extract {
                        names.set(&extract.name, SetBy::Extract(Guard::of(step, &branches)));
                        if extract.if_missing == IfMissing::Unset {
                            unset.push((&extract.name, UnsetBy::Answer));
                        }
                    }
                }
                StepKind::Set(variables) => {
                    for variable in variables {
                        names.set(&variable.name, SetBy::Step(Guard::of(step, &branches)));
                    }
                }
                StepKind::Unset(taken) => {
                    unset.extend(taken.iter().map(|name| (name, UnsetBy::Step)));
                }
                StepKind::Task(_)
                | StepKind::Wait(_)
                | StepKind::Record(_)
                | StepKind::Log(_)
                | StepKind::If(_)
                | StepKind::Repeat(_)
                | StepKind::For(_)
                | StepKind::Choose(_)
                | StepKind::Group(_)
                | StepKind::Parallel(_)
                | StepKind::Meet(_)
                | StepKind::Stop(_) => {}
            }
        }
        for (name, by) in unset {
            if let Some(var) = names.known_var(&name.value) {
                names.unset_at.entry(var).or_insert((name.span, by));
            }
        }
        for task in plan.tasks.iter().filter(|task| !task.params.is_empty()) {
            let params = task.params.iter().map(|param| {
                let name: Arc<str> = param.name.value.as_str().into();
                let var = names.add(name.clone(), param.name.span, SetBy::Argument);
                (name, var)
            });
            let params = params.collect();
            names.params.insert(task.name.value.as_str().into(), params);
        }
        for step in plan.steps() {
            if let StepKind::For(each) = &step.kind {
                names.add_item(&each.item);
            }
        }
        let secrets = plan.secrets.iter().map(|name| name.value.as_str().into());
        names.secrets = secrets.collect();
        names
    }

    fn add_item(&mut self, name: &ast::Text) {
        let item = self.add(name.value.as_str().into(), name.span, SetBy::Item);
        let list = format!("{} (list)", name.value);
        let list = self.add(list.into(), name.span, SetBy::Item);
        self.items.insert(name.span, LoopVars { item, list });
    }

    fn set(&mut self, name: &ast::Text, by: SetBy) {
        if self.by_name.contains_key(name.value.as_str()) {
            return;
        }
        let shared: Arc<str> = name.value.as_str().into();
        let var = self.add(shared.clone(), name.span, by);
        self.by_name.insert(shared, var);
    }

    fn add(&mut self, name: Arc<str>, place: Span, by: SetBy) -> VarId {
        let var = VarId::at(self.vars.len());
        self.vars.push(name);
        self.first_set.push((place, by));
        var
    }

    /// Adds a source of data with its columns.
    pub(super) fn add_feed(&mut self, name: &str, feed: &Feed) {
        self.feeds.push((name.into(), feed.columns().to_vec()));
    }

    /// Adds a source of data that could not be read: whatever is read from it is
    /// not an error of its own.
    pub(super) fn add_unreadable_feed(&mut self, name: &str) {
        self.unreadable.push(name.into());
    }

    /// Whether a path leads into data that could not be read.
    pub(super) fn is_unreadable(&self, path: &str) -> bool {
        self.unreadable
            .iter()
            .any(|name| path.split('.').next() == Some(&**name))
    }

    /// The slot of a variable that [`Names::of`] collected.
    pub(super) fn var(&self, name: &str) -> VarId {
        self.by_name[name]
    }

    /// The same, where a plan may name one that nothing sets.
    pub(super) fn known_var(&self, name: &str) -> Option<VarId> {
        self.by_name.get(name).copied()
    }

    /// The names of all variables that something sets for everyone.
    pub(super) fn all_vars(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(|name| &**name)
    }

    /// Whether it stands for something about the last answer or for data, and for no
    /// variable.
    pub(super) fn is_no_variable(&self, var: VarId) -> bool {
        var.index() >= self.vars.len()
    }

    /// What a guard `PATH is defined` makes certain, if that is one thing.
    pub(super) fn proven(&self, path: &str) -> Option<VarId> {
        if path.starts_with("response.") {
            return Some(self.answer());
        }
        self.known_var(path)
    }

    /// The slot of a task's parameter.
    pub(super) fn param(&self, task: &str, name: &str) -> Option<VarId> {
        self.params.get(task)?.get(name).copied()
    }

    /// The variables of the `for` whose item has its name here.
    pub(super) fn loop_vars(&self, item: Span) -> LoopVars {
        self.items[&item]
    }

    /// Whether some `for` calls its item so.
    fn is_item(&self, name: &str) -> bool {
        let mut items = self.items.values();
        items.any(|vars| *self.vars[vars.item.index()] == *name)
    }

    /// All variables, parameters among them.
    pub(super) fn vars(&self) -> impl Iterator<Item = VarId> {
        (0..self.vars.len()).map(VarId::at)
    }

    /// Where a variable is first taken away, if it is.
    pub(super) fn unset_at(&self, var: VarId) -> Option<(Span, UnsetBy)> {
        self.unset_at.get(&var).copied()
    }

    pub(super) fn first_set(&self, var: VarId) -> (Span, SetBy) {
        self.first_set[var.index()]
    }

    pub(super) fn name_of(&self, var: VarId) -> &Arc<str> {
        &self.vars[var.index()]
    }

    /// How many there are to keep track of: variables, what is known of answers, and
    /// the sources of data.
    pub(super) fn len(&self) -> usize {
        self.vars.len() + FACTS_OF_ANSWERS + self.feeds.len()
    }

    /// Stands for the last answer where its absence would be an error.
    pub(super) fn answer(&self) -> VarId {
        VarId::at(self.vars.len())
    }

    /// Stands for the last answer where something reads it, guarded or not.
    pub(super) fn answer_asked(&self) -> VarId {
        VarId::at(self.vars.len() + 1)
    }

    /// The same for its body.
    pub(super) fn body_asked(&self) -> VarId {
        VarId::at(self.vars.len() + 2)
    }

    /// Stands for a source of data where something reads a row of it.
    pub(super) fn feed(&self, feed: FeedId) -> VarId {
        VarId::at(self.vars.len() + FACTS_OF_ANSWERS + feed.index())
    }

    /// The source of data that it stands for, if it does for one.
    pub(super) fn as_feed(&self, var: VarId) -> Option<FeedId> {
        let at = var
            .index()
            .checked_sub(self.vars.len() + FACTS_OF_ANSWERS)?;
        Some(FeedId::at(at))
    }

    /// All sources of data.
    pub(super) fn feeds(&self) -> impl Iterator<Item = FeedId> {
        (0..self.feeds.len()).map(FeedId::at)
    }

    /// The first row of a feed that lacks a column, if one does.
    pub(super) fn lacking(&self, feed: FeedId, column: u32) -> Option<RowPlace> {
        self.feeds[feed.index()].1[column as usize].lacking
    }

    pub(super) fn into_vars(self) -> Box<[Arc<str>]> {
        self.vars.into()
    }

    /// Where the value of a dotted path lives, and how much of the path that covers;
    /// as seen from inside a task, if it is read there.
    pub(super) fn place(&self, task: Option<&str>, path: &str) -> Option<(Place, usize)> {
        for (name, place, segments) in BUILT_IN {
            if path == name
                || path
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with('.'))
            {
                return Some((place, segments));
            }
        }
        let (root, rest) = path
            .split_once('.')
            .map_or((path, None), |(root, rest)| (root, Some(rest)));
        if root == "secret" {
            let name = rest?.split('.').next()?;
            let at = self.secrets.iter().position(|known| **known == *name)?;
            return Some((Place::Secret(u32::try_from(at).ok()?), 2));
        }
        if let Some(at) = self.feeds.iter().position(|(name, _)| **name == *root) {
            let column = rest?.split('.').next()?;
            let column = self.feeds[at]
                .1
                .iter()
                .position(|known| *known.name == *column)?;
            return Some((
                Place::Column(FeedId::at(at), u32::try_from(column).ok()?),
                2,
            ));
        }
        let param = task.and_then(|task| self.param(task, root));
        let var = param.or_else(|| self.known_var(root))?;
        Some((Place::Var(var), 1))
    }

    /// The names that the plan gives its secrets.
    pub(super) fn secrets(&self) -> &[Arc<str>] {
        &self.secrets
    }

    fn unknown_secret(&self, name: &str) -> (String, Option<String>) {
        if name.is_empty() {
            let message = "`secret` is no value itself: read one as `secret.NAME`";
            return (message.to_owned(), None);
        }
        let known = self.secrets.iter().map(|name| &**name);
        let near = nearest(name, known).map(|near| format!("secret.{near}"));
        (
            format!("the plan names no secret `{name}`: list it under `secrets`"),
            near,
        )
    }

    /// What to say about a path that has no place: the sentence, and a proposal.
    pub(super) fn explain_unknown(&self, path: &str) -> (String, Option<String>) {
        let (root, rest) = path.split_once('.').unwrap_or((path, ""));
        if let Some((name, columns)) = self.feeds.iter().find(|(name, _)| **name == *root) {
            let columns = columns.iter().map(|column| &*column.name);
            let near = nearest(rest, columns.clone()).map(|near| format!("{name}.{near}"));
            let list: Vec<_> = columns.map(|column| format!("`{column}`")).collect();
            let list = list.join(", ");
            return (
                format!("`{name}` has no column `{rest}`; it has {list}"),
                near,
            );
        }
        if root == "secret" {
            return self.unknown_secret(rest);
        }
        let facts: Vec<&str> = BUILT_IN
            .iter()
            .filter_map(|(name, ..)| name.strip_prefix(root)?.strip_prefix('.'))
            .collect();
        if !facts.is_empty() {
            let near = nearest(rest, facts.iter().copied()).map(|near| format!("{root}.{near}"));
            let list = match facts.split_last() {
                Some((last, others)) if !others.is_empty() => {
                    format!("{} and {last}", others.join(", "))
                }
                Some(_) | None => facts.join(""),
            };
            if rest.is_empty() {
                return (format!("`{root}` is no value itself; it has {list}"), near);
            }
            return (format!("`{root}` has no `{rest}`; it has {list}"), near);
        }
        if let Some(task) = self
            .params
            .iter()
            .find_map(|(task, params)| params.contains_key(root).then_some(task))
        {
            return (
                format!("`{root}` is a parameter of `{task}` and seen only inside it"),
                None,
            );
        }
        if self.is_item(root) {
            return (
                format!("`{root}` is the item of a `for` and seen only inside it"),
                None,
            );
        }
        let known = BUILT_IN
            .iter()
            .map(|(name, ..)| *name)
            .chain(self.vars.iter().map(|name| &**name))
            .chain(self.feeds.iter().map(|(name, _)| &**name));
        (
            format!("nothing sets `{path}`"),
            nearest(path, known).map(str::to_owned),
        )
    }
}
