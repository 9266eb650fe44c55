//! Where the values of a text come from, through all the variables it is made of.
//!
//! A guess on the careful side: what cannot be known counts as coming from
//! everywhere it could.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    plan::ast::{self, Literal, StepKind},
    template::{Escape, Template},
};

/// Something that makes a value differ from another time it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    RunId,
    UserId,
    Iteration,
    /// A function that draws, such as `uuid()`.
    Draw,
    /// A list that one of a few is picked from.
    Pick,
    Time,
    /// A row of data.
    Data,
    /// An answer of the target.
    Answer,
}

/// A set of origins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Origins(u16);

impl Origins {
    fn insert(&mut self, origin: Origin) {
        self.0 |= 1 << origin as u16;
    }

    pub(super) fn has(self, origin: Origin) -> bool {
        self.0 & (1 << origin as u16) != 0
    }

    pub(super) fn has_any(self, origins: &[Origin]) -> bool {
        origins.iter().any(|origin| self.has(*origin))
    }
}

/// How a variable gets a value.
#[derive(Clone, Copy, Debug)]
enum Source<'a> {
    Written(&'a Literal),
    Answer,
}

/// Who renders a text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Whose<'a> {
    Anyone,
    /// Users of a class.
    Class(&'a ast::Class),
    /// One user, again and again: its `vars` stay what they are.
    SameUser,
}

/// What gives values to variables.
pub(super) struct Sources<'a> {
    plan: &'a ast::Plan,
    /// By name: what steps and those who run tasks give.
    by_steps: BTreeMap<&'a str, Vec<Source<'a>>>,
}

impl<'a> Sources<'a> {
    pub(super) fn of(plan: &'a ast::Plan) -> Sources<'a> {
        let mut sources = Sources {
            plan,
            by_steps: BTreeMap::new(),
        };
        for step in plan.steps() {
            match &step.kind {
                StepKind::Request(request) => {
                    for extract in &request.extract {
                        sources.add(&extract.name, Source::Answer);
                    }
                }
                StepKind::Set(variables) => sources.add_all(variables),
                StepKind::Task(call) => sources.add_all(&call.with),
                StepKind::Wait(_)
                | StepKind::Unset(_)
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
        for param in plan.tasks.iter().flat_map(|task| &task.params) {
            if let Some(default) = &param.default {
                sources.add(&param.name, Source::Written(&default.value));
            }
        }
        sources
    }

    fn add_all(&mut self, variables: &'a [ast::Variable]) {
        for variable in variables {
            self.add(&variable.name, Source::Written(&variable.value.value));
        }
    }

    fn add(&mut self, name: &'a ast::Text, source: Source<'a>) {
        self.by_steps.entry(&name.value).or_default().push(source);
    }

    /// Where a text's values come from, for those who render it.
    pub(super) fn origins(&self, whose: Whose<'a>, text: &'a str) -> Origins {
        let mut origins = Origins::default();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        // A list and no recursion: a plan may chain more variables than the
        // program's stack has room for.
        let mut open = vec![text];
        while let Some(text) = open.pop() {
            let Ok(template) = Template::parse(text, Escape::None) else {
                continue;
            };
            let calls = template.calls();
            for origin in calls.into_iter().filter_map(of_call) {
                origins.insert(origin);
            }
            for read in template.reads() {
                let root = read.path.split('.').next().unwrap_or(&read.path);
                if let Some(origin) = self.of_name(root, &read.path) {
                    origins.insert(origin);
                } else if seen.insert(root.to_owned()) {
                    for source in self.sources(whose, root) {
                        match source {
                            Source::Answer => origins.insert(Origin::Answer),
                            Source::Written(literal) => texts(literal, &mut open),
                        }
                    }
                }
            }
        }
        origins
    }

    /// The variable of `vars` that a text begins with, as users of a class see it.
    pub(super) fn first_variable(
        &self,
        class: &'a ast::Class,
        text: &str,
    ) -> Option<&'a ast::Variable> {
        let template = Template::parse(text, Escape::None).ok()?;
        let first = &template.reads().first()?.path;
        let mut known = class.vars.iter().chain(&self.plan.vars);
        known.find(|variable| *variable.name.value == **first)
    }

    fn of_name(&self, root: &str, path: &str) -> Option<Origin> {
        match root {
            "user" if path == "user.id" => Some(Origin::UserId),
            "run" if path == "run.id" => Some(Origin::RunId),
            "iteration" => Some(Origin::Iteration),
            "response" => Some(Origin::Answer),
            _ => {
                let mut data = self.plan.data.iter();
                data.any(|source| *source.name.value == *root)
                    .then_some(Origin::Data)
            }
        }
    }

    fn sources(&self, whose: Whose<'a>, name: &str) -> Vec<Source<'a>> {
        let written = |variables: &'a [ast::Variable]| {
            let mut variables = variables.iter();
            variables
                .find(|variable| *variable.name.value == *name)
                .map(|variable| Source::Written(&variable.value.value))
        };
        let common = written(&self.plan.vars);
        let mut sources: Vec<Source<'a>> = match whose {
            // A class's own variable stands in for the plan's.
            Whose::Class(class) => written(&class.vars).or(common).into_iter().collect(),
            Whose::Anyone => {
                let own = self.plan.users.iter();
                own.filter_map(|class| written(&class.vars))
                    .chain(common)
                    .collect()
            }
            Whose::SameUser => Vec::new(),
        };
        sources.extend(self.by_steps.get(name).into_iter().flatten());
        sources
    }
}

fn of_call(function: &str) -> Option<Origin> {
    match function {
        "now" => Some(Origin::Time),
        "pick" => Some(Origin::Pick),
        "range" | "dict" | "namespace" => None,
        // `uuid`, `random_int`, `random_string`, and whatever else makes values up.
        _ => Some(Origin::Draw),
    }
}

/// All texts of a value; values are not deep, since files are not.
fn texts<'a>(literal: &'a Literal, open: &mut Vec<&'a str>) {
    match literal {
        Literal::Plain(_) => {}
        Literal::Text(text) => open.push(text),
        Literal::List(items) => items.iter().for_each(|item| texts(&item.value, open)),
        Literal::Map(items) => items.iter().for_each(|(_, item)| texts(&item.value, open)),
    }
}
