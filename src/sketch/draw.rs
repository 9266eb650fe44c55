//! From a plan to its drawing.

use std::collections::BTreeMap;

use super::{Edge, Kind, Node, NodeId, Sketch, When};
use crate::{
    base::{duration, figures},
    plan::{
        CheckedPlan,
        ast::{Body, Class, Load, Plan, Rounds, Set, Share, Step, Task, TaskKind, Weighted},
    },
};

/// Draws a plan: everybody in it, and every task that somebody runs.
pub fn sketch(checked: &CheckedPlan) -> Sketch {
    let mut pen = Pen::default();
    let plan = checked.plan();
    let root = pen.node(Kind::Plan, name(plan), &load(&plan.load));

    let mut classes: Vec<_> = plan.users.iter().zip(shares(checked)).collect();
    classes.sort_by_key(|(class, _)| &*class.name.value);
    let mut drawn = Vec::new();
    for (class, share) in classes {
        let node = pen.node(Kind::Class, &class.name, &format!("wait {}", *class.wait));
        pen.edge(root, node, share, When::InRounds);
        drawn.push((class, node));
    }

    let used = plan.tasks_in_use();
    let tasks: BTreeMap<_, _> = plan
        .tasks
        .iter()
        .map(|task| (&*task.name.value, task))
        .collect();
    let tasks = tasks.into_iter().filter(|(name, _)| used.contains(*name));
    let tasks: Vec<&Task> = tasks.map(|(_, task)| task).collect();
    for task in &tasks {
        let node = pen.node(Kind::Task, &task.name, &stay(task));
        pen.tasks.insert(task.name.value.clone(), node);
    }
    pen.steps(root, "setup ", &plan.setup, When::Once);
    for (class, node) in drawn {
        pen.class(class, node);
    }
    for task in tasks {
        pen.task(task);
    }
    pen.steps(root, "teardown ", &plan.teardown, When::Once);
    pen.sketch.edges.sort_by_key(|edge| edge.from);
    pen.sketch
}

/// What is drawn with.
#[derive(Debug)]
pub(super) struct Pen {
    sketch: Sketch,
    tasks: BTreeMap<String, NodeId>,
}

impl Default for Pen {
    fn default() -> Pen {
        Pen {
            sketch: Sketch {
                nodes: Vec::new(),
                edges: Vec::new(),
            },
            tasks: BTreeMap::new(),
        }
    }
}

impl Pen {
    pub(super) fn node(&mut self, kind: Kind, name: &str, note: &str) -> NodeId {
        let id = NodeId(self.sketch.nodes.len());
        self.sketch.nodes.push(Node {
            kind,
            name: name.to_owned(),
            note: note.to_owned(),
        });
        id
    }

    pub(super) fn edge(&mut self, from: NodeId, to: NodeId, label: String, when: When) {
        self.sketch.edges.push(Edge {
            from,
            to,
            label,
            when,
        });
    }

    /// A line to a task that is drawn elsewhere.
    pub(super) fn run(&mut self, from: NodeId, task: &str, label: String, when: When) {
        let to = self.tasks[task];
        self.edge(from, to, label, when);
    }

    fn class(&mut self, class: &Class, node: NodeId) {
        self.steps(node, "start ", &class.on_start, When::Once);
        self.body(&class.body, node);
        self.steps(node, "stop ", &class.on_stop, When::Once);
    }

    fn task(&mut self, task: &Task) {
        let node = self.tasks[&task.name.value];
        match &task.kind {
            TaskKind::Steps(steps) => self.steps(node, "", steps, When::InRounds),
            TaskKind::Set(set) => {
                self.steps(node, "start ", &set.on_start, When::Once);
                self.body(&set.body, node);
                self.steps(node, "stop ", &set.on_stop, When::Once);
            }
        }
    }

    fn body(&mut self, body: &Body, node: NodeId) {
        match body {
            Body::Tasks(drawn) => self.drawn(drawn, node, ""),
            Body::Sequence(steps) => self.steps(node, "", steps, When::InRounds),
            Body::ChooseOnce(drawn) => self.drawn(drawn, node, " for life"),
        }
    }

    pub(super) fn drawn(&mut self, drawn: &[Weighted], node: NodeId, how: &str) {
        let mut ways: Vec<_> = drawn.iter().collect();
        ways.sort_by_key(|way| &*way.task.value);
        let shares = weighted(ways.iter().map(|way| *way.weight));
        for (way, share) in ways.into_iter().zip(shares) {
            self.run(node, &way.task, format!("{share}{how}"), When::InRounds);
        }
    }

    /// Steps in their order; `part` says of what they are.
    pub(super) fn steps(&mut self, from: NodeId, part: &str, steps: &[Step], when: When) {
        for (place, step) in (1..).zip(steps) {
            self.step(from, format!("{part}{place}"), step, when);
        }
    }
}

/// Weights as shares of their sum, as people read them.
pub(super) fn weighted(weights: impl Iterator<Item = u32> + Clone) -> Vec<String> {
    let sum: f64 = weights.clone().map(f64::from).sum();
    let share = |weight| match sum {
        0.0 => figures::share(0.0),
        _ => figures::share(f64::from(weight) / sum),
    };
    weights.map(share).collect()
}

fn name(plan: &Plan) -> &str {
    plan.name.as_ref().map_or("plan", |name| name)
}

/// How many users each class has, where the plan says of how many.
fn shares(checked: &CheckedPlan) -> Vec<String> {
    let users = &checked.plan().users;
    let split = checked.split();
    if split.is_empty() {
        let weights = users.iter().map(|class| match &class.share {
            Share::Weight(weight) => **weight,
            Share::Count(_) => 0,
        });
        let shares = weighted(weights).into_iter().zip(users);
        return shares
            .map(|(share, class)| match &class.share {
                Share::Weight(_) => share,
                Share::Count(count) => people(**count as usize),
            })
            .collect();
    }
    let mut numbers = vec![0_usize; users.len()];
    for class in &split {
        numbers[class.index()] += 1;
    }
    let share = |number: usize| {
        let share = figures::share(number as f64 / split.len() as f64);
        format!("{share}, {}", people(number))
    };
    numbers.into_iter().map(share).collect()
}

fn people(number: usize) -> String {
    match number {
        1 => "1 user".to_owned(),
        _ => format!("{number} users"),
    }
}

/// How much load there is, as far as the plan says it.
fn load(load: &Load) -> String {
    let users = load.most_users().map(|users| match load.is_open() {
        true => format!("at most {}", people(*users as usize)),
        false => people(*users as usize),
    });
    let arrivals = load.arrivals.as_ref().map(|rate| rate.to_string());
    let duration = load.duration.as_ref().map(|time| duration::text(**time));
    let iterations = load.iterations.as_ref();
    let iterations = iterations.map(|number| format!("{} iterations", **number));
    let per_user = load.per_user.as_ref();
    let per_user = per_user.map(|number| format!("{} iterations of each", **number));
    let parts: Vec<_> = [arrivals, users, duration, iterations, per_user]
        .into_iter()
        .flatten()
        .collect();
    parts.join(", ")
}

/// How long a set is stayed in.
fn stay(task: &Task) -> String {
    let TaskKind::Set(set) = &task.kind else {
        return String::new();
    };
    let Set { rounds, until, .. } = &**set;
    let rounds = match rounds.as_deref() {
        None | Some(Rounds::Count(1)) => None,
        Some(Rounds::Count(rounds)) => Some(format!("{rounds} rounds")),
        Some(Rounds::Forever) => Some("forever".to_owned()),
    };
    let until = until.as_ref().map(|until| format!("until {}", until.value));
    let parts: Vec<_> = rounds.into_iter().chain(until).collect();
    parts.join(" ")
}
