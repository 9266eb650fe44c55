//! Compiling the steps that send nothing: conditions, values, samples, lines.

use std::{collections::HashMap, sync::Arc};

use super::{
    Act, Condition, Meeting, Record, Setter, Variable,
    reader::{LeafReader, Uses},
    setters,
    vars::LoopVars,
};
use crate::{
    base::{
        ids::{ActId, ConditionId, GroupId, MeetingId, RecordId, SkipId, VarId},
        value::Value,
        wait::Wait,
    },
    plan::ast::{self, StepKind, Text},
    source::{Diagnostic, Span, Spanned, nearest},
    template::Escape,
};

/// Things of one kind, each compiled once, whichever classes come there.
struct Table<T> {
    compiled: Vec<Option<T>>,
    uses: Vec<Uses>,
    known: HashMap<Span, usize>,
}

impl<T> Table<T> {
    fn new() -> Table<T> {
        Table {
            compiled: Vec::new(),
            uses: Vec::new(),
            known: HashMap::new(),
        }
    }

    fn add(&mut self, place: Span, make: impl FnOnce(&mut Uses) -> Option<T>) -> usize {
        if let Some(index) = self.known.get(&place) {
            return *index;
        }
        let mut uses = Uses::default();
        let compiled = make(&mut uses);
        self.compiled.push(compiled);
        self.uses.push(uses);
        let index = self.compiled.len() - 1;
        self.known.insert(place, index);
        index
    }

    fn into_compiled(self) -> Option<Box<[T]>> {
        self.compiled.into_iter().collect()
    }
}

/// Everything in a plan that is done without a request.
pub(super) struct Acts {
    acts: Table<Act>,
    conditions: Table<Condition>,
    records: Table<Record>,
    skips: Vec<Arc<str>>,
    groups: Vec<Arc<str>>,
    meetings: Vec<Meeting>,
}

/// What [`Acts`] end as.
pub(super) struct Compiled {
    pub(super) acts: Box<[Act]>,
    pub(super) conditions: Box<[Condition]>,
    pub(super) records: Box<[Record]>,
    pub(super) skips: Box<[Arc<str>]>,
    pub(super) groups: Box<[Arc<str>]>,
    pub(super) meetings: Box<[Meeting]>,
}

impl Acts {
    pub(super) fn new() -> Acts {
        Acts {
            acts: Table::new(),
            conditions: Table::new(),
            records: Table::new(),
            skips: Vec::new(),
            groups: Vec::new(),
            meetings: Vec::new(),
        }
    }

    /// `None` if one of them could not be compiled.
    pub(super) fn into_parts(self) -> Option<Compiled> {
        Some(Compiled {
            acts: self.acts.into_compiled()?,
            conditions: self.conditions.into_compiled()?,
            records: self.records.into_compiled()?,
            skips: self.skips.into(),
            groups: self.groups.into(),
            meetings: self.meetings.into(),
        })
    }

    /// The names of recorded samples that are known before the run.
    pub(super) fn rows(&self) -> impl Iterator<Item = Arc<str>> {
        let records = self.records.compiled.iter().flatten();
        records.filter_map(Record::known_name)
    }

    /// What groups are called, as far as they were met.
    pub(super) fn groups(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().map(|group| &**group)
    }

    /// Whether any sample makes up its name only when it is recorded.
    pub(super) fn has_templated_names(&self) -> bool {
        let mut records = self.records.compiled.iter().flatten();
        records.any(|record| record.name.literal().is_none())
    }

    pub(super) fn act_uses(&self, id: ActId) -> &Uses {
        &self.acts.uses[id.index()]
    }

    pub(super) fn condition_uses(&self, id: ConditionId) -> &Uses {
        &self.conditions.uses[id.index()]
    }

    pub(super) fn record_uses(&self, id: RecordId) -> &Uses {
        &self.records.uses[id.index()]
    }

    pub(super) fn condition(&mut self, text: &Text, reader: &mut LeafReader<'_>) -> ConditionId {
        let index = self.conditions.add(text.span, |uses| {
            let condition = reader.condition(text, &mut uses.reads)?;
            let known = |names: &[String]| -> Vec<VarId> {
                let known = names.iter().filter_map(|name| reader.names.proven(name));
                known.collect()
            };
            uses.proves = known(condition.proves());
            uses.disproves = known(condition.disproves());
            Some(condition)
        });
        ConditionId::at(index)
    }

    /// The row of the table of skipped steps.
    pub(super) fn skip(&mut self, label: String) -> SkipId {
        let known = self.skips.iter().position(|known| **known == *label);
        SkipId::at(known.unwrap_or_else(|| {
            self.skips.push(label.into());
            self.skips.len() - 1
        }))
    }

    /// The row of a group; those of one name share it.
    pub(super) fn group(&mut self, name: &Text) -> GroupId {
        let known = self.groups.iter().position(|known| **known == **name);
        GroupId::at(known.unwrap_or_else(|| {
            self.groups.push(name.as_str().into());
            self.groups.len() - 1
        }))
    }

    /// A meeting; the check has seen to it that those of one name are the same.
    pub(super) fn meeting(&mut self, meet: &ast::Meet) -> MeetingId {
        let mut known = self.meetings.iter();
        let known = known.position(|known| *known.name == *meet.name.value);
        MeetingId::at(known.unwrap_or_else(|| {
            self.meetings.push(Meeting {
                name: meet.name.as_str().into(),
                users: *meet.users,
                timeout: *meet.timeout,
            });
            self.meetings.len() - 1
        }))
    }

    pub(super) fn set(
        &mut self,
        place: Span,
        variables: &[ast::Variable],
        reader: &mut LeafReader<'_>,
    ) -> ActId {
        let index = self.acts.add(place, |uses| {
            let compiled = setters::of_step(variables, reader, &mut uses.reads);
            let names = variables.iter().map(|each| &each.name.value);
            uses.writes = names.map(|name| reader.names.var(name)).collect();
            let compiled = compiled?;
            uses.cannot_fail = compiled.iter().all(|each| each.value.cannot_fail());
            Some(Act::Set(compiled))
        });
        ActId::at(index)
    }

    /// Hands over arguments, where a task is run that has parameters.
    pub(super) fn arguments(
        &mut self,
        place: Span,
        task: &ast::Task,
        with: &[ast::Variable],
        reader: &mut LeafReader<'_>,
    ) -> ActId {
        let index = self.acts.add(place, |uses| {
            let compiled = setters::of_call(task, with, reader, &mut uses.reads);
            let params = task.params.iter();
            uses.writes = params
                .filter_map(|param| reader.names.param(&task.name.value, &param.name.value))
                .collect();
            compiled.map(Act::Set)
        });
        ActId::at(index)
    }

    pub(super) fn unset(
        &mut self,
        place: Span,
        names: &[Text],
        reader: &mut LeafReader<'_>,
    ) -> ActId {
        let index = self.acts.add(place, |uses| {
            for name in names {
                match reader.names.known_var(&name.value) {
                    Some(var) => uses.clears.push(var),
                    None => unknown_variable(name, reader),
                }
            }
            uses.cannot_fail = true;
            Some(Act::Unset(uses.clears.clone().into()))
        });
        ActId::at(index)
    }

    /// Works out what a `for` goes through.
    pub(super) fn items(
        &mut self,
        place: Span,
        each: &ast::For,
        reader: &mut LeafReader<'_>,
    ) -> ActId {
        let index = self.acts.add(place, |uses| {
            let items = match &each.items {
                ast::Items::Expression(expression) => {
                    let items = reader.expression(expression, &mut uses.reads);
                    items.map(Setter::Template)
                }
                ast::Items::List(items) => {
                    let items = items
                        .iter()
                        .map(|item| setters::setter(item, reader, &mut uses.reads));
                    let items: Vec<_> = items.collect();
                    items.into_iter().collect::<Option<_>>().map(Setter::List)
                }
            };
            let LoopVars { list, .. } = reader.names.loop_vars(each.item.span);
            items.map(|items| {
                Act::Items(Variable {
                    var: list,
                    value: items,
                })
            })
        });
        ActId::at(index)
    }

    /// Takes away what a `for` leaves behind.
    pub(super) fn forget(&mut self, each: &ast::For, reader: &LeafReader<'_>) -> ActId {
        let LoopVars { item, list } = reader.names.loop_vars(each.item.span);
        let index = self.acts.add(each.item.span, |uses| {
            uses.clears.extend([item, list]);
            uses.cannot_fail = true;
            Some(Act::Unset([item, list].into()))
        });
        ActId::at(index)
    }

    pub(super) fn log(&mut self, line: &Text, reader: &mut LeafReader<'_>) -> ActId {
        let index = self.acts.add(line.span, |uses| {
            let line = reader.template(line, Escape::None, &mut uses.reads)?;
            Some(Act::Log(line))
        });
        ActId::at(index)
    }

    pub(super) fn record(&mut self, record: &ast::Record, reader: &mut LeafReader<'_>) -> RecordId {
        let index = self.records.add(record.name.span, |uses| {
            let name = reader.template(&record.name, Escape::None, &mut uses.reads);
            let ok = record.ok.as_ref().map(|ok| {
                let ok: Spanned<ast::Literal> = ok.clone();
                setters::setter(&ok, reader, &mut uses.reads)
            });
            Some(Record {
                kind: record.kind.value.as_str().into(),
                place: record.name.span,
                name: name?,
                time: record.time.as_ref().map_or(Wait::None, |time| time.value),
                ok: ok.unwrap_or(Some(super::Setter::Constant(Value::Bool(true))))?,
            })
        });
        RecordId::at(index)
    }

    /// Looks at a step that no class comes to, only for the mistakes in it.
    pub(super) fn examine(&mut self, step: &ast::Step, reader: &mut LeafReader<'_>) {
        if let Some(when) = &step.when {
            self.condition(when, reader);
        }
        match &step.kind {
            StepKind::Set(variables) => {
                self.set(step.span, variables, reader);
            }
            StepKind::Unset(names) => {
                self.unset(step.span, names, reader);
            }
            StepKind::Record(record) => {
                self.record(record, reader);
            }
            StepKind::Log(line) => {
                self.log(line, reader);
            }
            StepKind::If(branch) => {
                self.condition(&branch.condition, reader);
            }
            StepKind::Repeat(repeat) => {
                if let ast::Turns::While { condition, .. } = &repeat.turns {
                    self.condition(condition, reader);
                }
            }
            StepKind::For(each) => {
                self.items(step.span, each, reader);
            }
            StepKind::Choose(_)
            | StepKind::Group(_)
            | StepKind::Parallel(_)
            | StepKind::Meet(_)
            | StepKind::Stop(_)
            | StepKind::Request(_)
            | StepKind::Task(_)
            | StepKind::Wait(_) => {}
        }
    }
}

fn unknown_variable(name: &Text, reader: &mut LeafReader<'_>) {
    let task = reader.task.as_deref();
    if task.is_some_and(|task| reader.names.param(task, &name.value).is_some()) {
        reader.found.push_once(
            Diagnostic::error(
                super::codes::UNKNOWN_NAME,
                format!("`{}` is a parameter, and cannot be taken away", name.value),
            )
            .at(name.span, "whoever runs the task has handed it over"),
        );
        return;
    }
    let near = nearest(&name.value, reader.names.all_vars());
    reader.found.push_once(
        Diagnostic::error(
            super::codes::UNKNOWN_NAME,
            format!("nothing sets `{}`", name.value),
        )
        .at(name.span, "so there is nothing to take away")
        .did_you_mean(near),
    );
}
