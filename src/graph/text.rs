//! The graph as text, for people and for tests.
//!
//! Steps are numbered in the order in which a user can come to them, so the text
//! of a plan does not depend on how the graph was built.

use std::{
    collections::HashMap,
    fmt::{self, Write as _},
};

use super::{Class, Graph, Node, Request, RequestName};
use crate::base::{
    duration,
    ids::{ClassId, StepId},
};

/// Writes a graph as text.
pub fn text(graph: &Graph) -> String {
    let mut out = String::new();
    write(graph, &mut out).expect("writing to a String cannot fail");
    out
}

fn write(graph: &Graph, out: &mut String) -> fmt::Result {
    writeln!(out, "plan {}", graph.name)?;
    let profile = &graph.profile;
    write!(out, "load users {}", profile.users)?;
    for (what, time) in [
        ("ramp up", profile.ramp_up),
        ("duration", profile.duration),
        ("ramp down", profile.ramp_down),
        ("graceful stop", profile.graceful_stop),
    ] {
        if !time.is_zero() {
            write!(out, ", {what} {}", duration::text(time))?;
        }
    }
    writeln!(out)?;
    for threshold in &graph.thresholds {
        writeln!(out, "threshold {threshold}")?;
    }
    for (name, feed) in graph.feed_names.iter().zip(&graph.feeds) {
        writeln!(
            out,
            "data {name}: {} rows of {}",
            feed.len(),
            feed.columns().join(", ")
        )?;
    }
    for (index, class) in graph.classes.iter().enumerate() {
        write_class(graph, ClassId::at(index), class, out)?;
    }
    Ok(())
}

fn write_class(graph: &Graph, id: ClassId, class: &Class, out: &mut String) -> fmt::Result {
    writeln!(
        out,
        "\nclass {}: users {}, wait {}",
        class.name,
        graph.users_of(id),
        class.wait
    )?;
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
    // A stack with the successors in reverse: depth first, and what goes well
    // before what fails.
    let mut stack = vec![class.stop, class.entry];
    while let Some(id) = stack.pop() {
        if std::mem::replace(&mut seen[id.index()], true) {
            continue;
        }
        order.push(id);
        match graph.node(id) {
            Node::Request { next, on_fail, .. } => stack.extend([*on_fail, *next]),
            Node::Wait { next, .. }
            | Node::Pause { next, .. }
            | Node::Round { next }
            | Node::Started { next }
            | Node::StopRun { next } => {
                stack.push(*next);
            }
            Node::Draw(choice) => {
                let mut ways: Vec<_> = choice.ways().map(|(_, step)| step).collect();
                ways.reverse();
                stack.extend(ways);
            }
            Node::StartFailed | Node::End => {}
        }
    }
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
            let request = graph.request(*request);
            write_request(graph, request, out)?;
            write!(out, " → {}, fails → {}", to(next), to(on_fail))
        }
        Node::Wait { wait, next } => write!(out, "wait {wait} → {}", to(next)),
        Node::Pause { wait, next } => write!(out, "pause {wait} → {}", to(next)),
        Node::Round { next } => write!(out, "round → {}", to(next)),
        Node::Draw(choice) => {
            let ways: Vec<_> = choice
                .ways()
                .map(|(weight, step)| format!("{weight} → {}", to(&step)))
                .collect();
            write!(out, "draw {}", ways.join(", "))
        }
        Node::Started { next } => write!(out, "started → {}", to(next)),
        Node::StartFailed => write!(out, "start failed"),
        Node::StopRun { next } => write!(out, "stop run → {}", to(next)),
        Node::End => write!(out, "end"),
    }
}

fn write_request(graph: &Graph, request: &Request, out: &mut String) -> fmt::Result {
    match &request.name {
        RequestName::Known(row) => write!(out, "{}", graph.row(*row))?,
        RequestName::Templated(_) => write!(out, "{} (name made when sent)", request.method)?,
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
