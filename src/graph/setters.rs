//! The variables of a class, in the order in which they can be worked out.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Setter, Variable, codes,
    reader::{LeafReader, VarRead},
    vars::Names,
};
use crate::{
    base::{
        ids::{FeedId, VarId},
        value::Value,
    },
    plan::ast::{self, Literal},
    source::{Diagnostic, Spanned},
    template::Escape,
};

/// The compiled variables of a class.
pub(super) struct Variables {
    variables: Vec<Variable>,
    set: Vec<VarId>,
    reads: Vec<VarRead>,
    feeds: BTreeSet<FeedId>,
}

impl Variables {
    /// All that are set once a user has started.
    pub(super) fn set(&self) -> &[VarId] {
        &self.set
    }

    /// What they read that `setup` has to have set.
    pub(super) fn reads(&self) -> &[VarRead] {
        &self.reads
    }

    /// The sources of data that their values are made of.
    pub(super) fn feeds(&self) -> &BTreeSet<FeedId> {
        &self.feeds
    }

    pub(super) fn into_variables(self) -> Box<[Variable]> {
        self.variables.into()
    }
}

struct Entry<'a> {
    written: &'a ast::Variable,
    setter: Option<Setter>,
    reads: Vec<VarRead>,
}

/// Whose variables they are, with those that `setup` may set.
#[derive(Clone, Copy)]
pub(super) enum Whose<'a> {
    /// Of users, who have what `setup` has set.
    Users(&'a BTreeSet<VarId>),
    /// Of the one who does it, and draws no rows.
    Setup(&'a BTreeSet<VarId>),
    /// Of the one who is there at the end, and draws no rows.
    Teardown(&'a BTreeSet<VarId>),
}

/// Compiles the plan's variables and the class's own, which win over them. Those that
/// the one user of a scene cannot work out are none of its.
pub(super) fn of_class(
    plan: &ast::Plan,
    class: &ast::Class,
    whose: Whose<'_>,
    reader: &mut LeafReader<'_>,
) -> Variables {
    // By name: neither the order of keys nor that of the files means anything,
    // also not for the random values that the variables draw.
    let mut entries = BTreeMap::new();
    for written in plan.vars.iter().chain(&class.vars) {
        entries.insert(written.name.value.as_str(), written);
    }
    let mut waiting: Vec<Entry<'_>> = entries
        .into_values()
        .map(|written| {
            let mut reads = Vec::new();
            reader.setting = Some(reader.names.var(&written.name.value));
            let setter = setter(&written.value, reader, &mut reads);
            reader.setting = None;
            Entry {
                written,
                setter,
                reads,
            }
        })
        .collect();
    leave_out_unknown(&mut waiting, whose, reader.names);

    let set: Vec<VarId> = waiting
        .iter()
        .map(|entry| reader.names.var(&entry.written.name.value))
        .collect();
    let nothing = BTreeSet::new();
    let handed = match whose {
        Whose::Users(handed) | Whose::Teardown(handed) => handed,
        Whose::Setup(_) => &nothing,
    };
    let of_setup = |(var, _): &mut VarRead| handed.contains(var) && !set.contains(var);
    let reads = waiting
        .iter_mut()
        .flat_map(|entry| entry.reads.extract_if(.., of_setup))
        .collect();
    let all = waiting.iter().flat_map(|entry| &entry.reads);
    let feeds = all.filter_map(|(var, _)| reader.names.as_feed(*var));
    let feeds = feeds.collect();
    refuse_reads_from_pages(&mut waiting, &set, class, reader);

    let variables = in_order(waiting, reader);
    Variables {
        variables,
        set,
        reads,
        feeds,
    }
}

/// Takes out what reads rows, which the users of scenes have none of, or what `setup`
/// is yet to set; and what reads that.
fn leave_out_unknown(entries: &mut Vec<Entry<'_>>, whose: Whose<'_>, names: &Names) {
    let mut unknown = match whose {
        Whose::Users(_) => return,
        Whose::Setup(set) => set.clone(),
        Whose::Teardown(_) => BTreeSet::new(),
    };
    for entry in &*entries {
        unknown.remove(&names.var(&entry.written.name.value));
    }
    loop {
        let before = unknown.len();
        entries.retain(|entry| {
            let is_unknown =
                |(var, _): &VarRead| unknown.contains(var) || names.as_feed(*var).is_some();
            let out = entry.reads.iter().any(is_unknown);
            if out {
                unknown.insert(names.var(&entry.written.name.value));
            }
            !out
        });
        if unknown.len() == before {
            return;
        }
    }
}

/// The variables of one `set` step, and what has to be there before it.
pub(super) fn of_step(
    written: &[ast::Variable],
    reader: &mut LeafReader<'_>,
    reads: &mut Vec<VarRead>,
) -> Option<Box<[Variable]>> {
    let mut sorted: Vec<&ast::Variable> = written.iter().collect();
    sorted.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    let set: Vec<VarId> = written
        .iter()
        .map(|written| reader.names.var(&written.name.value))
        .collect();
    let mut compiled = true;
    let entries: Vec<Entry<'_>> = sorted
        .into_iter()
        .map(|written| {
            let mut own = Vec::new();
            let var = reader.names.var(&written.name.value);
            reader.setting = Some(var);
            let setter = setter(&written.value, reader, &mut own);
            reader.setting = None;
            compiled &= setter.is_some();
            // Its own old value has to be there; those of its siblings are made first.
            let siblings = own.extract_if(.., |(read, _)| *read != var && set.contains(read));
            let siblings = siblings.collect();
            reads.extend(own);
            Entry {
                written,
                setter,
                reads: siblings,
            }
        })
        .collect();
    let variables = in_order(entries, reader);
    compiled.then(|| variables.into())
}

/// What of each is worked out first: whoever is read by others.
fn in_order(mut waiting: Vec<Entry<'_>>, reader: &mut LeafReader<'_>) -> Vec<Variable> {
    let mut variables = Vec::new();
    let mut done = BTreeSet::new();
    while !waiting.is_empty() {
        let able = |entry: &Entry<'_>| entry.reads.iter().all(|(var, _)| done.contains(var));
        let Some(at) = waiting.iter().position(able) else {
            report_cycle(&waiting, reader);
            break;
        };
        let entry = waiting.remove(at);
        let var = reader.names.var(&entry.written.name.value);
        done.insert(var);
        if let Some(value) = entry.setter {
            variables.push(Variable { var, value });
        }
    }
    variables
}

/// Arguments for a task's parameters, and the defaults of those that are not given.
///
/// Arguments are worked out where the task is run, with what is known there;
/// defaults know only what everyone knows.
pub(super) fn of_call(
    task: &ast::Task,
    with: &[ast::Variable],
    reader: &mut LeafReader<'_>,
    reads: &mut Vec<VarRead>,
) -> Option<Box<[Variable]>> {
    let caller = reader.task.clone();
    let mut params: Vec<&ast::Parameter> = task.params.iter().collect();
    params.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    let mut variables = Some(Vec::with_capacity(params.len()));
    for param in params {
        let name = &*param.name.value;
        let given = with.iter().find(|argument| *argument.name.value == *name);
        let value = match (given, &param.default) {
            (Some(argument), _) => setter(&argument.value, reader, reads),
            (None, Some(default)) => {
                reader.task = None;
                let value = setter(default, reader, reads);
                reader.task.clone_from(&caller);
                value
            }
            // The check has told of it.
            (None, None) => None,
        };
        let var = reader.names.param(&task.name.value, name);
        let variable = var.zip(value).map(|(var, value)| Variable { var, value });
        match (&mut variables, variable) {
            (Some(variables), Some(variable)) => variables.push(variable),
            _ => variables = None,
        }
    }
    variables.map(Vec::into_boxed_slice)
}

pub(super) fn setter(
    value: &Spanned<Literal>,
    reader: &mut LeafReader<'_>,
    reads: &mut Vec<VarRead>,
) -> Option<Setter> {
    Some(match &value.value {
        Literal::Plain(plain) => Setter::Constant(plain.clone()),
        Literal::Text(text) => {
            let text = Spanned::new(text.clone(), value.span);
            let template = reader.template(&text, Escape::None, reads)?;
            match template.literal() {
                Some(literal) => Setter::Constant(Value::text(literal)),
                None => Setter::Template(template),
            }
        }
        Literal::List(items) => {
            let items: Vec<_> = items
                .iter()
                .map(|item| setter(item, reader, reads))
                .collect();
            Setter::List(items.into_iter().collect::<Option<_>>()?)
        }
        Literal::Map(items) => {
            let items: Vec<_> = items
                .iter()
                .map(|(name, item)| {
                    Some((name.value.as_str().into(), setter(item, reader, reads)?))
                })
                .collect();
            Setter::Map(items.into_iter().collect::<Option<_>>()?)
        }
    })
}

/// A variable is worked out before the first request, so nothing has been extracted.
fn refuse_reads_from_pages(
    entries: &mut [Entry<'_>],
    set: &[VarId],
    class: &ast::Class,
    reader: &mut LeafReader<'_>,
) {
    for entry in entries {
        for (var, span) in entry.reads.extract_if(.., |(var, _)| !set.contains(var)) {
            if var == reader.names.answer() {
                reader.found.push_once(
                    Diagnostic::error(
                        codes::READ_BEFORE_SET,
                        "`response` is read before anything was asked",
                    )
                    .at(span, "`vars` are worked out before the first request")
                    .help("read it in a step after the request"),
                );
            }
            if reader.names.is_no_variable(var) {
                continue;
            }
            let (first, _) = reader.names.first_set(var);
            let name = reader.names.name_of(var);
            let message = format!("`{name}` is read before it is set");
            reader.found.push_once(
                Diagnostic::error(codes::READ_BEFORE_SET, message)
                    .at(
                        span,
                        format!("read when a user of `{}` starts", class.name.value),
                    )
                    .at(first, "set here, later or by other users")
                    .help(
                        "`vars` are worked out before the first request; read it in a step instead",
                    ),
            );
        }
    }
}

fn report_cycle(waiting: &[Entry<'_>], reader: &mut LeafReader<'_>) {
    // Whoever reads a member of the circle waits too; following the reads from
    // any of them leads into the circle and then around it.
    let entry_of = |var: VarId| {
        waiting
            .iter()
            .find(|entry| reader.names.var(&entry.written.name.value) == var)
    };
    let next = |entry: &Entry<'_>| {
        entry
            .reads
            .iter()
            .find_map(|(var, span)| Some((entry_of(*var)?, *span)))
    };
    let mut here = &waiting[0];
    for _ in waiting {
        here = next(here).map_or(here, |(entry, _)| entry);
    }
    let first = here.written.name.value.as_str();
    let mut diagnostic = Diagnostic::error(
        codes::VARIABLE_CYCLE,
        format!("`{first}` is worked out from itself"),
    );
    while let Some((read, span)) = next(here) {
        let text = format!(
            "`{}` reads `{}`",
            here.written.name.value, read.written.name.value
        );
        diagnostic = diagnostic.at(span, text);
        here = read;
        if here.written.name.value == first {
            break;
        }
    }
    reader.found.push_once(diagnostic);
}
