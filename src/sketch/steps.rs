//! Steps of a plan, as nodes and lines of a drawing.

use super::{Effect, Kind, NodeId, When, draw::Pen};
use crate::{
    base::method::Method,
    plan::ast::{Aim, Items, Request, Step, StepKind, Turns, Weighted},
};

/// How a step is drawn.
enum Shape<'a> {
    /// As a line to a task.
    Run(&'a str),
    /// As a node of its own.
    Node(Kind, String),
    /// As a node that leads to lists of steps, each with what its lines are called.
    Holds(String, Vec<(String, &'a [Step])>),
    /// As a node that leads to tasks, of which one is drawn.
    Draws(&'a [Weighted]),
}

impl Pen {
    /// One step, done by `from`.
    pub(super) fn step(&mut self, from: NodeId, place: String, step: &Step, when: When) {
        let label = match &step.when {
            None => place,
            Some(condition) => format!("{place} when {}", condition.value),
        };
        match shape(step) {
            Shape::Run(task) => self.run(from, task, label, when),
            Shape::Node(kind, name) => {
                let node = self.node(kind, &name, "");
                self.edge(from, node, label, when);
            }
            Shape::Holds(name, lists) => {
                let node = self.node(Kind::Decision, &name, "");
                self.edge(from, node, label, when);
                for (part, steps) in lists {
                    self.steps(node, &part, steps, when);
                }
            }
            Shape::Draws(ways) => {
                let node = self.node(Kind::Decision, "choose", "");
                self.edge(from, node, label, when);
                self.drawn(ways, node, "");
            }
        }
    }
}

fn shape(step: &Step) -> Shape<'_> {
    let quiet = |name| Shape::Node(Kind::Quiet, name);
    match &step.kind {
        StepKind::Task(call) => Shape::Run(&call.name),
        StepKind::Request(request) => {
            let (effect, name) = self::request(request);
            Shape::Node(Kind::Request(effect), name)
        }
        StepKind::Wait(None) => quiet("wait".to_owned()),
        StepKind::Wait(Some(time)) => quiet(format!("wait {}", **time)),
        StepKind::Set(variables) => {
            let names: Vec<&str> = variables.iter().map(|each| &**each.name).collect();
            quiet(format!("set {}", names.join(", ")))
        }
        StepKind::Unset(names) => {
            let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
            quiet(format!("unset {}", names.join(", ")))
        }
        StepKind::Record(record) => quiet(format!(
            "record {} {}",
            record.kind.value, record.name.value
        )),
        StepKind::Log(_) => quiet("log".to_owned()),
        StepKind::Stop(what) => quiet(format!("stop {}", what.word())),
        StepKind::If(branch) => Shape::Holds(
            format!("if {}", branch.condition.value),
            vec![
                ("then ".to_owned(), &branch.then),
                ("else ".to_owned(), &branch.otherwise),
            ],
        ),
        StepKind::Repeat(repeat) => {
            let often = match &repeat.turns {
                Turns::Count(count) => format!("repeat {}", **count),
                Turns::While { condition, max } => {
                    format!("repeat while {}, at most {}", condition.value, **max)
                }
            };
            Shape::Holds(often, vec![("do ".to_owned(), &repeat.steps)])
        }
        StepKind::For(each) => {
            let items = match &each.items {
                Items::Expression(expression) => expression.value.clone(),
                Items::List(items) => format!("{} items", items.len()),
            };
            let name = format!("for {} in {items}", each.item.value);
            Shape::Holds(name, vec![("do ".to_owned(), &each.steps)])
        }
        StepKind::Choose(ways) => Shape::Draws(ways),
        StepKind::Group(group) => Shape::Holds(
            format!("group {}", group.name.value),
            vec![("do ".to_owned(), &group.steps)],
        ),
        StepKind::Parallel(requests) => Shape::Holds(
            "parallel".to_owned(),
            vec![("at once ".to_owned(), requests)],
        ),
        StepKind::Meet(meet) => quiet(format!("meet {}, {} users", meet.name.value, *meet.users)),
    }
}

/// A form may change whatever it likes: its method stands in a page.
fn request(request: &Request) -> (Effect, String) {
    match &request.aim {
        Aim::Url { method, url } => {
            let effect = match method {
                Method::Get | Method::Head | Method::Options => Effect::Reads,
                Method::Post | Method::Put | Method::Patch | Method::Delete => Effect::Writes,
            };
            (effect, format!("{method} {}", url.value))
        }
        Aim::Form(submit) => (Effect::Writes, format!("submit {}", submit.form.value)),
    }
}
