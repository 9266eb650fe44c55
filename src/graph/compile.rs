//! The door: a checked plan becomes a graph.

use std::{collections::HashSet, sync::Arc};

use super::{
    Class, Graph, OnStartFail, codes, feeds, flow,
    layout::{Layout, MAX_NODES, Ways},
    reader::LeafReader,
    requests::Requests,
    setters::{self, Variables},
    vars::{Names, request_of},
};
use crate::{
    base::ids::ClassId,
    feed::Feed,
    plan::{CheckedPlan, ast},
    profile::{DEFAULT_GRACEFUL_STOP, Profile},
    source::{Diagnostic, Diagnostics, Loader, Sources, Spanned, nearest},
};

/// Compiles a plan; the files with its data come from `loader`.
///
/// Everything that is wrong is found in one go. There is no graph if anything
/// was, here or before.
pub fn compile(
    plan: &CheckedPlan,
    sources: &Sources,
    loader: &mut dyn Loader,
    found: &mut Diagnostics,
) -> Option<Graph> {
    // What an earlier door had to leave out may have set the variables that are
    // missed here: with its mistakes about, nothing is said of the flow of values.
    let complete = !found.has_errors();
    let mut names = Names::of(plan);
    let feeds = load_feeds(plan, sources, loader, &mut names, found);

    let mut reader = LeafReader {
        sources,
        names: &names,
        found,
    };
    let mut requests = Requests::new(plan.plan());
    let mut layout = Layout::new(plan);
    let mut classes = Vec::new();
    for (index, class) in plan.plan().users.iter().enumerate() {
        let id = ClassId::at(index);
        let variables = setters::of_class(plan.plan(), class, &mut reader);
        let ways = layout.class(class, &mut |request| {
            requests.add(id, class, request, &mut reader)
        });
        let Some(ways) = ways else {
            found.push(too_large(class));
            return None;
        };
        classes.push((class, variables, ways));
    }
    examine_unused(plan.plan(), &mut requests, &mut reader);
    check_threshold_names(plan.plan(), &requests, sources, found);
    if complete {
        let ways = classes
            .iter()
            .map(|(class, variables, ways)| (*class, variables.set(), *ways));
        flow::check(ways, layout.nodes(), &requests, &names, found);
    }
    if found.has_errors() {
        return None;
    }

    let (rows, requests) = requests.into_parts()?;
    let seats = plan.split().into();
    let plan = plan.plan();
    let profile = profile(&plan.load);
    Some(Graph {
        name: plan
            .name
            .as_ref()
            .map_or("unnamed", |name| name.value.as_str())
            .into(),
        target: plan.target.as_ref().map(|target| target.value.clone()),
        profile,
        seats,
        classes: classes
            .into_iter()
            .map(|(class, variables, ways)| compiled_class(class, variables, ways))
            .collect(),
        nodes: layout.into_nodes(),
        requests,
        rows,
        feed_names: plan
            .data
            .iter()
            .map(|source| source.name.value.as_str().into())
            .collect(),
        feeds: feeds.into(),
        thresholds: plan
            .thresholds
            .iter()
            .map(|threshold| threshold.value.clone())
            .collect(),
        vars: names.into_vars(),
    })
}

fn compiled_class(class: &ast::Class, variables: Variables, ways: Ways) -> Class {
    Class {
        name: class.name.value.as_str().into(),
        vars: variables.into_variables(),
        entry: ways.entry,
        stop: ways.stop,
        wait: class.wait.value,
        on_start_fail: match class.on_start_fail {
            ast::OnStartFail::NewUser => OnStartFail::NewUser,
            ast::OnStartFail::StopUser => OnStartFail::StopUser,
            ast::OnStartFail::StopRun => OnStartFail::StopRun,
        },
    }
}

fn load_feeds(
    plan: &CheckedPlan,
    sources: &Sources,
    loader: &mut dyn Loader,
    names: &mut Names,
    found: &mut Diagnostics,
) -> Vec<Feed> {
    let mut feeds = Vec::new();
    for source in &plan.plan().data {
        // A table that cannot be read is an error already; with a hole in its
        // place, ids would be wrong, but then there is no graph either.
        if let Some(feed) = feeds::load(source, sources, loader, found) {
            names.add_feed(&source.name.value, &feed);
            feeds.push(feed);
        } else {
            names.add_unreadable_feed(&source.name.value);
        }
    }
    feeds
}

fn profile(load: &ast::Load) -> Profile {
    let time = |field: &Option<Spanned<_>>| field.as_ref().map(|time| time.value);
    Profile {
        users: load.users.as_ref().map_or(0, |users| users.value),
        ramp_up: time(&load.ramp_up).unwrap_or_default(),
        duration: time(&load.duration).unwrap_or_default(),
        ramp_down: time(&load.ramp_down).unwrap_or_default(),
        graceful_stop: time(&load.graceful_stop).unwrap_or(DEFAULT_GRACEFUL_STOP),
    }
}

/// A task that nobody runs may have mistakes too. Those of an included file are
/// looked at through the plans that run them, since their variables live there.
fn examine_unused(plan: &ast::Plan, requests: &mut Requests<'_>, reader: &mut LeafReader<'_>) {
    let own = |task: &&ast::Task| task.name.span.file == plan.top.file;
    for task in plan.tasks.iter().filter(own) {
        for request in task.steps.iter().filter_map(request_of) {
            requests.examine(request, reader);
        }
    }
}

/// A threshold on a name that no request has would never see data.
fn check_threshold_names(
    plan: &ast::Plan,
    requests: &Requests,
    sources: &Sources,
    found: &mut Diagnostics,
) {
    if requests.has_templated_names() {
        return;
    }
    let known: HashSet<&Arc<str>> = requests.rows().collect();
    for threshold in &plan.thresholds {
        let Some(name) = &threshold.of else { continue };
        if known.contains(&Arc::from(name.as_str())) {
            continue;
        }
        let place = match sources.slice(threshold.span).find(name.as_str()) {
            Some(at) => threshold.span.within(at..at + name.len()),
            None => threshold.span,
        };
        let near = nearest(name, known.iter().map(|name| &***name));
        let mut diagnostic = Diagnostic::error(
            codes::THRESHOLD_NAME,
            format!("no request is named `{name}`"),
        )
        .at(place, "this threshold would never have data")
        .did_you_mean(near);
        if near.is_none() {
            let mut list: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
            list.sort();
            diagnostic = diagnostic.help(format!("the plan's requests are {}", list.join(", ")));
        }
        found.push(diagnostic);
    }
}

fn too_large(class: &ast::Class) -> Diagnostic {
    Diagnostic::error(
        codes::TOO_LARGE,
        format!(
            "the tasks of `{}` unfold into more than {} steps",
            class.name.value, MAX_NODES
        ),
    )
    .at(class.name.span, "this class")
    .help("tasks that run each other many times multiply: run them fewer times")
}
