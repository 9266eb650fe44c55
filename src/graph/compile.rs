//! The door: a checked plan becomes a graph.

use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

use super::{
    Class, Drawing, Graph, OnStartFail, Occasion, Record, Scene,
    acts::Acts,
    advice::{self, Known},
    codes, connecting,
    drawing::Life,
    feeds,
    files::Files,
    flow::{self, Before, Flow},
    kept,
    layout::{Layout, Leaves, MAX_NODES, Ways},
    reader::{LeafReader, Seen},
    requests::Requests,
    scene,
    setters::{self, Variables},
    tls,
    vars::Names,
};
use crate::{
    base::{
        connecting::Connecting,
        ids::{ClassId, VarId},
        threshold::Threshold,
    },
    feed::Feed,
    plan::{CheckedPlan, ast},
    profile::{DEFAULT_GRACEFUL_STOP, Profile},
    source::{Diagnostic, Diagnostics, Loader, Sources, Span, Spanned, nearest},
    tls::TlsSettings,
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
    let files = Files::of(plan.plan(), sources, loader, found);
    let scenes = scene::of_plan(plan.plan());
    let as_classes = plan.plan().users.iter();
    let as_classes = as_classes.chain(scenes.iter().map(|(_, class)| class));
    let wires = wires(plan.plan(), as_classes, sources, loader, found);
    let handed = scene::set_by_setup(plan, &names);

    let mut reader = LeafReader {
        sources,
        names: &names,
        found,
        task: None,
        items: Vec::new(),
        setting: None,
        seen: Seen::default(),
        files: &files,
    };
    let mut requests = Requests::new(plan.plan());
    let mut acts = Acts::new();
    let mut layout = Layout::new(plan);
    let seats = plan.split();
    let (ranks, numbers) = ranks(&seats, plan.plan().users.len());
    let mut classes = Vec::new();
    for (index, class) in plan.plan().users.iter().enumerate() {
        let variables = setters::of_class(plan.plan(), class, &handed, &mut reader);
        let ways = layout.class(&mut Leaves {
            id: ClassId::at(index),
            class,
            users: numbers[index],
            requests: &mut requests,
            acts: &mut acts,
            reader: &mut reader,
        });
        let Some(ways) = ways else {
            found.push(too_large(class));
            return None;
        };
        classes.push((class, variables, ways));
    }
    let user_rows: HashSet<Arc<str>> = requests.rows().cloned().chain(acts.rows()).collect();
    let mut played = Vec::new();
    for (index, (part, class)) in (plan.plan().users.len()..).zip(&scenes) {
        let handed = match part {
            Occasion::Setup => &BTreeSet::new(),
            Occasion::Teardown => &handed,
        };
        let variables = setters::of_class(plan.plan(), class, handed, &mut reader);
        let mut leaves = Leaves {
            id: ClassId::at(index),
            class,
            users: 1,
            requests: &mut requests,
            acts: &mut acts,
            reader: &mut reader,
        };
        let Some(ways) = layout.scene(*part, &mut leaves) else {
            found.push(too_large(class));
            return None;
        };
        played.push((*part, (class, variables, ways)));
    }
    examine_unused(plan.plan(), &mut requests, &mut acts, &mut reader);
    let seen = reader.seen;
    let thresholds =
        check_threshold_names(plan.plan(), &user_rows, &requests, &acts, sources, found);
    if complete {
        follow_values(
            &classes,
            &played,
            &layout,
            &mut requests,
            &acts,
            &names,
            found,
        );
    }
    if found.has_errors() {
        return None;
    }
    let known = Known {
        plan: plan.plan(),
        numbers: &numbers,
        names: &names,
        requests: &requests,
        seen: &seen,
    };
    advice::give(&known, found);
    assemble(
        plan.plan(),
        sources,
        Parts {
            seats,
            ranks,
            classes,
            played,
            user_rows,
            requests,
            acts,
            layout,
            feeds,
            wires,
            names,
            thresholds,
        },
    )
}

/// Whether each value is there when it is read, and which answers are read at all.
fn follow_values(
    classes: &[LaidOut<'_>],
    played: &[(Occasion, LaidOut<'_>)],
    layout: &Layout<'_>,
    requests: &mut Requests<'_>,
    acts: &Acts,
    names: &Names,
    found: &mut Diagnostics,
) {
    let flow = Flow {
        nodes: layout.nodes(),
        settlements: layout.settlements(),
        requests,
        acts,
        answer: names.answer(),
    };
    let of_part = |part| played.iter().filter(move |(played, _)| *played == part);
    let setup = of_part(Occasion::Setup).map(|(_, laid_out)| before(laid_out));
    let teardown = of_part(Occasion::Teardown).map(|(_, laid_out)| before(laid_out));
    let lives = classes.iter().map(before).chain(teardown);
    flow::check(setup.last(), lives, &flow, names, found);
    for (request, body) in kept::readers(&flow, names) {
        requests.keep(request, body);
    }
}

/// Who draws from the feeds, and where.
fn drawing(parts: &Parts<'_>) -> Drawing {
    let flow = Flow {
        nodes: parts.layout.nodes(),
        settlements: parts.layout.settlements(),
        requests: &parts.requests,
        acts: &parts.acts,
        answer: parts.names.answer(),
    };
    let lives = parts.classes.iter().map(|(_, variables, ways)| Life {
        entry: ways.entry,
        stop: ways.stop,
        vars: variables.feeds(),
    });
    let lives: Vec<_> = lives.collect();
    let seats = (&*parts.seats, &*parts.ranks);
    Drawing::of(&lives, seats, &parts.feeds, &flow, &parts.names)
}

/// A class, the variables that its users start with, and their ways.
type LaidOut<'a> = (&'a ast::Class, Variables, Ways);

fn before<'c>((class, variables, ways): &'c LaidOut<'_>) -> Before<'c> {
    Before {
        class,
        set: variables.set(),
        reads: variables.reads(),
        ways: *ways,
    }
}

/// How the users of a class connect.
type Wires = (TlsSettings, Connecting);

fn wires<'a>(
    plan: &ast::Plan,
    classes: impl Iterator<Item = &'a ast::Class> + Clone,
    sources: &Sources,
    loader: &mut dyn Loader,
    found: &mut Diagnostics,
) -> Vec<Wires> {
    let tls = tls::of_classes(plan, classes.clone(), sources, loader, found);
    let connecting = connecting::of_classes(plan, classes, found);
    tls.into_iter().zip(connecting).collect()
}

/// What a graph is put together from.
struct Parts<'a> {
    seats: Vec<ClassId>,
    ranks: Box<[u32]>,
    classes: Vec<LaidOut<'a>>,
    played: Vec<(Occasion, LaidOut<'a>)>,
    user_rows: HashSet<Arc<str>>,
    requests: Requests<'a>,
    acts: Acts,
    layout: Layout<'a>,
    feeds: Vec<Feed>,
    /// By class.
    wires: Vec<Wires>,
    names: Names,
    thresholds: Vec<Threshold>,
}

fn assemble(plan: &ast::Plan, sources: &Sources, parts: Parts<'_>) -> Option<Graph> {
    let drawing = drawing(&parts);
    let (rows, requests) = parts.requests.into_parts()?;
    let acts = parts.acts.into_parts()?;
    let laid_out = parts.layout.into_parts();
    // What is known of recorded samples follows: requests have numbers already.
    let recorded = acts.records.iter().filter_map(Record::known_name);
    let mut rows = rows.into_vec();
    for name in recorded {
        if !rows.contains(&name) {
            rows.push(name);
        }
    }
    let name = plan.name.as_ref();
    let path = &sources.get(plan.top.file).path;
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let stem = stem.unwrap_or("unnamed");
    let namers = super::name::of_namers(&requests, &acts.records, &rows, sources);
    // By class, and then by scene.
    let mut wires = parts.wires.into_iter();
    Some(Graph {
        namers,
        name: name.map_or(stem, |name| name.value.as_str()).into(),
        target: plan.target.as_ref().map(|target| target.value.clone()),
        profile: profile(&plan.load),
        seats: parts.seats.into(),
        ranks: parts.ranks,
        classes: parts
            .classes
            .into_iter()
            .zip(&mut wires)
            .map(|(laid_out, wires)| compiled_class(laid_out, wires))
            .collect(),
        scenes: parts
            .played
            .into_iter()
            .zip(&mut wires)
            .map(|((occasion, laid_out), wires)| Scene {
                occasion,
                class: compiled_class(laid_out, wires),
            })
            .collect(),
        user_rows: rows
            .iter()
            .filter(|name| parts.user_rows.contains(*name))
            .cloned()
            .collect(),
        nodes: laid_out.nodes,
        settlements: laid_out.settlements,
        depths: laid_out.depths,
        requests,
        acts: acts.acts,
        conditions: acts.conditions,
        records: acts.records,
        skips: acts.skips,
        rows: rows.into(),
        feed_names: plan
            .data
            .iter()
            .map(|source| source.name.value.as_str().into())
            .collect(),
        feed_places: plan.data.iter().map(|source| source.name.span).collect(),
        feeds: parts.feeds.into(),
        drawing,
        thresholds: parts.thresholds.into(),
        secrets: parts.names.secrets().into(),
        vars: parts.names.into_vars(),
    })
}

/// The place of each seat among those of its class, and how many each class has.
fn ranks(seats: &[ClassId], classes: usize) -> (Box<[u32]>, Vec<u32>) {
    let mut numbers = vec![0; classes];
    let ranks = seats.iter().map(|class| {
        let number = &mut numbers[class.index()];
        *number += 1;
        *number - 1
    });
    (ranks.collect(), numbers)
}

fn compiled_class((class, variables, ways): LaidOut<'_>, (tls, connecting): Wires) -> Class {
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
        tls,
        connecting,
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
        duration: load.duration.as_ref().map(|time| time.value),
        iterations: load.iterations.as_ref().map(|limit| limit.value),
        per_user: load.per_user.as_ref().map(|limit| limit.value),
        ramp_down: time(&load.ramp_down).unwrap_or_default(),
        graceful_stop: time(&load.graceful_stop).unwrap_or(DEFAULT_GRACEFUL_STOP),
    }
}

/// A task that nobody runs may have mistakes too. Those of an included file are
/// looked at through the plans that run them, since their variables live there.
fn examine_unused(
    plan: &ast::Plan,
    requests: &mut Requests<'_>,
    acts: &mut Acts,
    reader: &mut LeafReader<'_>,
) {
    let own = |task: &&ast::Task| task.name.span.file == plan.top.file;
    for task in plan.tasks.iter().filter(own) {
        reader.task = Some(task.name.value.as_str().into());
        if let Some(until) = task.set().and_then(|set| set.until.as_ref()) {
            acts.condition(until, reader);
        }
        for steps in task.step_lists() {
            examine(steps, requests, acts, reader);
        }
    }
    reader.task = None;
}

/// Calls itself once per level of steps, of which a file has few.
fn examine(
    steps: &[ast::Step],
    requests: &mut Requests<'_>,
    acts: &mut Acts,
    reader: &mut LeafReader<'_>,
) {
    for step in steps {
        acts.examine(step, reader);
        if let ast::StepKind::Request(request) = &step.kind {
            requests.examine(request, reader);
        }
        let around = reader.items.len();
        if let ast::StepKind::For(each) = &step.kind {
            let vars = reader.names.loop_vars(each.item.span);
            reader.items.push((each.item.as_str().into(), vars.item));
        }
        for within in step.lists() {
            examine(within, requests, acts, reader);
        }
        reader.items.truncate(around);
    }
}

/// A threshold on a name that no request has would never see data. Returns those that
/// can be judged: what is left of a plan may lack the requests of some.
fn check_threshold_names(
    plan: &ast::Plan,
    known: &HashSet<Arc<str>>,
    requests: &Requests,
    acts: &Acts,
    sources: &Sources,
    found: &mut Diagnostics,
) -> Vec<Threshold> {
    let any_name = requests.has_templated_names() || acts.has_templated_names();
    let mut judged = Vec::new();
    for threshold in &plan.thresholds {
        let unknown = threshold.of.as_ref().filter(|name| {
            let is_hop = requests.hops().contains(name.as_str());
            !any_name && !is_hop && !known.contains(name.as_str())
        });
        let Some(name) = unknown else {
            judged.push(threshold.value.clone());
            continue;
        };
        let place = match sources.slice(threshold.span).find(name.as_str()) {
            Some(at) => threshold.span.within(at..at + name.len()),
            None => threshold.span,
        };
        found.push(match plan.left_out.is_empty() {
            true if requests.rows().any(|row| **row == **name) => Diagnostic::error(
                codes::THRESHOLD_NAME,
                format!("only `setup` or `teardown` asks for `{name}`"),
            )
            .at(place, "what comes before and after the users is not judged"),
            true => unknown_name(name, place, known),
            false => Diagnostic::note(
                codes::THRESHOLD_NAME,
                format!("no request that is left is named `{name}`"),
            )
            .at(place, "so this threshold is not judged"),
        });
    }
    judged
}

fn unknown_name(name: &str, place: Span, known: &HashSet<Arc<str>>) -> Diagnostic {
    let near = nearest(name, known.iter().map(|name| &**name));
    let diagnostic = Diagnostic::error(
        codes::THRESHOLD_NAME,
        format!("no request is named `{name}`"),
    )
    .at(place, "this threshold would never have data")
    .did_you_mean(near);
    if near.is_some() {
        return diagnostic;
    }
    let mut list: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
    list.sort();
    diagnostic.help(format!("the plan's requests are {}", list.join(", ")))
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
