//! The door: a checked plan becomes a graph.

use super::{
    Graph, Record,
    acts::Acts,
    advice::{self, Known},
    connecting, feeds,
    files::Files,
    find,
    flow::Flow,
    judged,
    layout::Layout,
    lives::{Bench, Lives, Wires},
    loads::{self, Load},
    reader::{LeafReader, Seen},
    requests::Requests,
    scene, tls,
    vars::Names,
};
use crate::{
    base::{ids::ClassId, threshold::Judged},
    feed::Feed,
    plan::{CheckedPlan, ast},
    source::{Diagnostics, Loader, Sources},
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
        regexes: Default::default(),
    };
    let mut requests = Requests::new(plan.plan());
    let mut acts = Acts::new();
    let mut layout = Layout::new(plan);
    let (loads, seats) = loads::of(plan);
    let (ranks, numbers) = ranks(&seats, plan.plan().users.len());
    let mut bench = Bench {
        layout: &mut layout,
        requests: &mut requests,
        acts: &mut acts,
        reader: &mut reader,
    };
    let lives = Lives::lay_out(plan.plan(), &scenes, &numbers, &handed, &mut bench)?;
    examine_unused(plan.plan(), &mut requests, &mut acts, &mut reader);
    let seen = reader.seen;
    let there = judged::There::of(&lives.rows, &requests, &acts, &loads);
    let thresholds = judged::thresholds(plan.plan(), &there, sources, found);
    if complete {
        lives.follow_values(&layout, &mut requests, &acts, &names, found);
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
            loads,
            seats,
            ranks,
            lives,
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
    loads: Vec<Load>,
    seats: Vec<ClassId>,
    ranks: Box<[u32]>,
    lives: Lives<'a>,
    requests: Requests<'a>,
    acts: Acts,
    layout: Layout<'a>,
    feeds: Vec<Feed>,
    /// By class.
    wires: Vec<Wires>,
    names: Names,
    thresholds: Vec<Judged>,
}

fn assemble(plan: &ast::Plan, sources: &Sources, parts: Parts<'_>) -> Option<Graph> {
    let flow = Flow {
        nodes: parts.layout.nodes(),
        settlements: parts.layout.settlements(),
        requests: &parts.requests,
        acts: &parts.acts,
        answer: parts.names.answer(),
    };
    let seats = (&*parts.seats, &*parts.ranks);
    let drawing = parts
        .lives
        .drawing(&flow, seats, &parts.feeds, &parts.names)
        .with_arrivals(&parts.loads, &parts.seats, &parts.feeds);
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
    let known = parts.lives.rows.clone();
    let (classes, scenes) = parts.lives.into_classes(parts.wires);
    Some(Graph {
        namers,
        name: name.map_or(stem, |name| name.value.as_str()).into(),
        target: plan.target.as_ref().map(|target| target.value.clone()),
        loads: parts.loads.into(),
        seats: parts.seats.into(),
        ranks: parts.ranks,
        classes,
        scenes,
        user_rows: rows
            .iter()
            .filter(|name| known.contains(*name))
            .cloned()
            .collect(),
        nodes: laid_out.nodes,
        settlements: laid_out.settlements,
        depths: laid_out.depths,
        group_depths: laid_out.group_depths,
        groups: acts.groups,
        meetings: acts.meetings,
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
        find: find::of(plan),
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
