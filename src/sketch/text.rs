//! A drawing as indented lines, for a terminal.

use super::{Kind, NodeId, Sketch};
use crate::base::printable::printable;

/// Writes a drawing as text: the plan with its classes and what they do, then each
/// task with its steps.
pub fn text(sketch: &Sketch) -> String {
    let mut out = String::new();
    let mut todo = Vec::new();
    for id in sketch.ids() {
        let heading = match sketch.node(id).kind {
            Kind::Plan => "plan ",
            Kind::Class => "class ",
            Kind::Task => "task ",
            Kind::Request(_) | Kind::Decision | Kind::Quiet => continue,
        };
        todo.push((heading, id));
    }
    for (heading, id) in todo {
        if !out.is_empty() {
            out.push('\n');
        }
        out += &format!("{heading}{}\n", line(sketch, id));
        below(sketch, id, 1, &mut out);
    }
    out
}

/// What a node does, and what that does, down to tasks and classes, which have
/// paragraphs of their own.
fn below(sketch: &Sketch, from: NodeId, depth: usize, out: &mut String) {
    let edges = sketch.edges_of(from);
    let labels: Vec<_> = edges.iter().map(|edge| one_line(&edge.label)).collect();
    let width = labels.iter().map(|label| label.chars().count()).max();
    let width = width.unwrap_or(0);
    for (edge, label) in edges.iter().zip(labels) {
        let indent = "  ".repeat(depth);
        let node = sketch.node(edge.to);
        let line = match node.kind {
            Kind::Class | Kind::Task => one_line(&node.name),
            Kind::Plan | Kind::Request(_) | Kind::Decision | Kind::Quiet => line(sketch, edge.to),
        };
        let pad = " ".repeat(width - label.chars().count());
        *out += &format!("{indent}{label}{pad}  {line}\n");
        match node.kind {
            Kind::Decision => below(sketch, edge.to, depth + 2, out),
            Kind::Plan | Kind::Class | Kind::Task | Kind::Request(_) | Kind::Quiet => {}
        }
    }
}

fn line(sketch: &Sketch, id: NodeId) -> String {
    let lines: Vec<_> = sketch.node(id).lines().map(one_line).collect();
    lines.join(", ")
}

fn one_line(text: &str) -> String {
    printable(text).replace(['\n', '\t'], " ")
}
