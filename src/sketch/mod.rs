//! A plan as a drawing: who does what, and how often.
//!
//! ```text
//! CheckedPlan ──sketch──▶ Sketch ──mermaid, dot, text──▶ a pull request, graphviz, a terminal
//! ```
//!
//! The plan leads to its classes, classes to their tasks, tasks to their steps.
//! A line between two says what the first does with the second: its expected
//! share where it is drawn or settled for, its place where there is an order, its
//! condition where there is one. What changes data of the target is marked.
//!
//! # What holds here
//!
//! - A task is drawn once, however many run it; a step as often as it is written.
//! - The same plan has the same drawing, whatever the order of its keys.
//! - Whatever stands in a plan, a drawing has the syntax of its format: names and
//!   URLs of a stranger's plan are text in it, and nothing else.
//!
//! # What is not here
//!
//! The compiled graph, which has more nodes than a person wants to look at, and
//! how many requests that makes, which `forecast` works out.

mod dot;
mod draw;
mod mermaid;
mod steps;
mod text;

pub use dot::dot;
pub use draw::sketch;
pub use mermaid::mermaid;
pub use text::text;

/// A drawing of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    /// The plan is the first.
    nodes: Vec<Node>,
    /// Invariant: sorted by where they begin, those of one node in the order in which
    /// it does them.
    edges: Vec<Edge>,
}

/// The place of a node in its drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct NodeId(usize);

/// Something that is done, or somebody who does it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Node {
    kind: Kind,
    name: String,
    /// What else is to be known of it; empty if nothing.
    note: String,
}

/// What a node stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plan,
    Class,
    Task,
    Request(Effect),
    /// Decides which steps are done, or how often.
    Decision,
    /// Takes time, or none, and sends nothing.
    Quiet,
}

/// What a request does to the data of the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Reads,
    /// It may change them: by its method, or because it sends a form.
    Writes,
}

/// What one node does with another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Edge {
    from: NodeId,
    to: NodeId,
    label: String,
    when: When,
}

/// When in the life of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    InRounds,
    /// Before the first round, or after the last one.
    Once,
}

/// The word for what may change data of the target.
const WRITES: &str = "writes";

impl Sketch {
    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    fn ids(&self) -> impl Iterator<Item = NodeId> {
        (0..self.nodes.len()).map(NodeId)
    }

    fn edges_of(&self, from: NodeId) -> &[Edge] {
        let first = self.edges.partition_point(|edge| edge.from < from);
        let end = self.edges.partition_point(|edge| edge.from <= from);
        &self.edges[first..end]
    }
}

impl Node {
    /// What is to be read in its box, line by line.
    fn lines(&self) -> impl Iterator<Item = &str> {
        let mark = match self.kind {
            Kind::Request(Effect::Writes) => Some(WRITES),
            Kind::Plan
            | Kind::Class
            | Kind::Task
            | Kind::Request(Effect::Reads)
            | Kind::Decision
            | Kind::Quiet => None,
        };
        let note = Some(&*self.note).filter(|note| !note.is_empty());
        [Some(&*self.name), note, mark].into_iter().flatten()
    }
}
