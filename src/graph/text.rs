//! The graph as text, for people and for tests.
//!
//! Steps are numbered in the order in which a user can come to them, so the text
//! of a plan does not depend on how the graph was built.

use std::{
    collections::HashMap,
    fmt::{self, Write as _},
};

use super::{Act, Class, Graph, Node, Request, RequestName, Settlement};
use crate::{
    base::{
        dealing::Dealing,
        duration,
        ids::{ClassId, StepId, VarId},
        wait::Wait,
    },
    profile::{self, DEFAULT_GRACEFUL_STOP},
};

mod flow;
mod together;

/// Writes a graph as text.
pub fn text(graph: &Graph) -> String {
    let mut out = String::new();
    write(graph, &mut out).expect("writing to a String cannot fail");
    out
}

fn write(graph: &Graph, out: &mut String) -> fmt::Result {
    writeln!(out, "plan {}", graph.name)?;
    for load in &graph.loads {
        write!(out, "load")?;
        if let Some(class) = load.class {
            write!(out, " of {}", graph.class(class).name)?;
        }
        writeln!(out, " {}", profile::text(&load.profile))?;
    }
    if let Some(find) = &graph.find {
        writeln!(out, "find {}", find.text())?;
    }
    let graceful_stop = graph.graceful_stop();
    if graceful_stop != DEFAULT_GRACEFUL_STOP {
        writeln!(out, "graceful stop {}", duration::text(graceful_stop))?;
    }
    for judged in &graph.thresholds {
        writeln!(out, "threshold {}", judged.threshold)?;
    }
    for (name, feed) in graph.feed_names.iter().zip(&graph.feeds) {
        let columns = feed.columns().iter().map(|column| &*column.name);
        let columns: Vec<_> = columns.collect();
        write!(
            out,
            "data {name}: {} rows of {}",
            feed.rows(),
            columns.join(", ")
        )?;
        let dealing = feed.dealing();
        if dealing != Dealing::default() {
            let words = [
                dealing.order.word(),
                dealing.shared_by.word(),
                dealing.at_end.word(),
            ];
            write!(out, "; {}", words.join(", "))?;
        }
        writeln!(out)?;
    }
    for (index, class) in graph.classes.iter().enumerate() {
        let users = graph.users_of(ClassId::at(index));
        writeln!(
            out,
            "\nclass {}: users {users}, wait {}",
            class.name, class.wait
        )?;
        write_class(graph, class, out)?;
    }
    for scene in &graph.scenes {
        writeln!(out, "\n{}: once, by one user", scene.occasion.word())?;
        write_class(graph, &scene.class, out)?;
    }
    Ok(())
}

fn write_class(graph: &Graph, class: &Class, out: &mut String) -> fmt::Result {
    for variable in &class.vars {
        writeln!(out, "  var {}", graph.vars[variable.var.index()])?;
    }
    let order = order(graph, class);
    let numbers: HashMap<StepId, usize> = order
        .iter()
        .enumerate()
        .map(|(at, id)| (*id, at + 1))
        .collect();
    let width = order.len().to_string().len();
    for id in &order {
        let mark = if *id == class.entry {
            "start"
        } else if *id == class.stop {
            "stop"
        } else {
            ""
        };
        write!(out, "  {mark:<5} {:>width$}  ", numbers[id])?;
        write_node(graph, graph.node(*id), &numbers, out)?;
        writeln!(out)?;
    }
    Ok(())
}

/// The nodes of a class, in the order in which a user can come to them.
fn order(graph: &Graph, class: &Class) -> Vec<StepId> {
    let mut order = Vec::new();
    let mut seen = vec![false; graph.nodes.len()];
    let mut follow = |from: StepId, order: &mut Vec<StepId>| {
        // A stack with the successors in reverse, since it gives back first what
        // came last: depth first, and what goes well before what fails.
        let mut stack = vec![from];
        while let Some(id) = stack.pop() {
            if !std::mem::replace(&mut seen[id.index()], true) {
                order.push(id);
                stack.extend(
                    graph
                        .node(id)
                        .successors(&graph.settlements)
                        .into_iter()
                        .rev(),
                );
            }
        }
    };
    follow(class.entry, &mut order);
    // How users leave comes after how they live.
    let leaves: Vec<StepId> = order
        .iter()
        .filter_map(|id| graph.node(*id).leave())
        .collect();
    for id in leaves {
        follow(id, &mut order);
    }
    follow(class.stop, &mut order);
    order
}

fn write_node(
    graph: &Graph,
    node: &Node,
    numbers: &HashMap<StepId, usize>,
    out: &mut String,
) -> fmt::Result {
    let to = |id: &StepId| numbers[id];
    match node {
        Node::Request {
            request,
            next,
            on_fail,
        } => {
            write_request(graph, graph.request(*request), out)?;
            write!(out, " → {}, fails → {}", to(next), to(on_fail))
        }
        Node::Act { act, next, on_fail } => {
            write_act(graph, &graph.acts[act.index()], out)?;
            write!(out, " → {}, fails → {}", to(next), to(on_fail))
        }
        Node::Record { record, next, .. } => {
            let record = &graph.records[record.index()];
            write!(out, "record {} {}", record.kind, record.name.text())?;
            if record.time != Wait::None {
                write!(out, ", takes {}", record.time)?;
            }
            write!(out, " → {}", to(next))
        }
        Node::When { .. }
        | Node::If { .. }
        | Node::Loop { .. }
        | Node::Repeat { .. }
        | Node::Each { .. }
        | Node::Leave { .. }
        | Node::StopRun { .. } => flow::write(graph, node, numbers, out),
        Node::Open { .. }
        | Node::Close { .. }
        | Node::Fork { .. }
        | Node::Join { .. }
        | Node::Meet { .. } => together::write(graph, node, numbers, out),
        Node::Wait { wait, next } => write!(out, "wait {wait} → {}", to(next)),
        Node::Pause { wait, next, .. } => write!(out, "pause {wait} → {}", to(next)),
        Node::Round { next, .. } => write!(out, "round → {}", to(next)),
        Node::Enter { next, .. } => write!(out, "enter → {}", to(next)),
        Node::Again {
            rounds,
            until,
            next,
            done,
            ..
        } => {
            let rounds = match rounds {
                Some(1) => "1 round".to_owned(),
                Some(rounds) => format!("{rounds} rounds"),
                None => "rounds".to_owned(),
            };
            let until = until.map(|until| graph.conditions[until.index()].text());
            let until = until.map_or(String::new(), |until| format!(" until {until}"));
            write!(out, "{rounds}{until} → {}, then → {}", to(next), to(done))
        }
        Node::Draw(choice) => {
            let ways = choice.ways();
            let ways: Vec<_> = ways
                .map(|(weight, step)| format!("{weight} → {}", to(&step)))
                .collect();
            write!(out, "draw {}", ways.join(", "))
        }
        Node::Settled(id) => write_settlement(&graph.settlements[id.index()], numbers, out),
        Node::Started { next } => write!(out, "started → {}", to(next)),
        Node::StartFailed => write!(out, "start failed"),
        Node::End => write!(out, "end"),
    }
}

fn write_settlement(
    settlement: &Settlement,
    numbers: &HashMap<StepId, usize>,
    out: &mut String,
) -> fmt::Result {
    let ways: Vec<_> = (0..)
        .zip(settlement.ways())
        .map(|(way, step)| format!("{} → {}", users(settlement.users_of(way)), numbers[&step]))
        .collect();
    write!(out, "for life {}", ways.join(", "))
}

fn users(number: u32) -> String {
    match number {
        1 => "1 user".to_owned(),
        _ => format!("{number} users"),
    }
}

fn write_act(graph: &Graph, act: &Act, out: &mut String) -> fmt::Result {
    let names = |vars: &mut dyn Iterator<Item = VarId>| {
        let names: Vec<&str> = vars.map(|var| &*graph.vars[var.index()]).collect();
        names.join(", ")
    };
    match act {
        Act::Set(variables) => {
            let mut vars = variables.iter().map(|variable| variable.var);
            write!(out, "set {}", names(&mut vars))
        }
        Act::Unset(vars) => write!(out, "unset {}", names(&mut vars.iter().copied())),
        Act::Items(items) => write!(out, "for {}", graph.vars[items.var.index()]),
        Act::Log(line) => write!(out, "log {}", line.text()),
    }
}

fn write_request(graph: &Graph, request: &Request, out: &mut String) -> fmt::Result {
    match &request.name {
        RequestName::Known(row) => write!(out, "{}", graph.row(*row))?,
        RequestName::Templated(_) => write!(out, "{} (name made when sent)", request.aim.label())?,
    }
    if request.ready.is_some() {
        write!(out, " (ready)")?;
    }
    if !request.checks.is_empty() {
        let checks: Vec<_> = request
            .checks
            .iter()
            .map(|check| check.check.to_string())
            .collect();
        write!(out, ", expects {}", checks.join(" and "))?;
    }
    if !request.extracts.is_empty() {
        let names: Vec<_> = request
            .extracts
            .iter()
            .map(|(var, _)| &*graph.vars[var.index()])
            .collect();
        write!(out, ", sets {}", names.join(", "))?;
    }
    Ok(())
}
