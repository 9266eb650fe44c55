//! Whose ways lead through a graph: users by their classes, and whoever plays a scene.

use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

use super::{
    Class, Drawing, Occasion, OnStartFail, Scene,
    acts::Acts,
    beside, codes,
    drawing::Life,
    flow::{self, Before, Flow, Rows},
    kept,
    layout::{Layout, Leaves, MAX_NODES, Ways},
    reader::LeafReader,
    requests::Requests,
    setters::{self, Variables, Whose},
    vars::Names,
};
use crate::{
    base::{
        connecting::Connecting,
        ids::{ClassId, VarId},
    },
    feed::Feed,
    plan::ast,
    source::{Diagnostic, Diagnostics},
    tls::TlsSettings,
};

/// How the users of a class connect.
pub(super) type Wires = (TlsSettings, Connecting);

/// A class, the variables that its users start with, and their ways.
type LaidOut<'a> = (&'a ast::Class, Variables, Ways);

/// All ways, laid out.
pub(super) struct Lives<'a> {
    classes: Vec<LaidOut<'a>>,
    played: Vec<(Occasion, LaidOut<'a>)>,
    /// What users ask for and record, as far as it is known.
    pub(super) rows: HashSet<Arc<str>>,
}

/// What ways are laid out with.
pub(super) struct Bench<'a, 'b, 'n> {
    pub(super) layout: &'b mut Layout<'a>,
    pub(super) requests: &'b mut Requests<'a>,
    pub(super) acts: &'b mut Acts,
    pub(super) reader: &'b mut LeafReader<'n>,
}

impl<'a> Lives<'a> {
    /// Lays out the ways of all classes and scenes; `numbers` are how many users each
    /// class has, and `handed` is what `setup` may set.
    ///
    /// `None` beyond [`MAX_NODES`], which is told.
    pub(super) fn lay_out(
        plan: &'a ast::Plan,
        scenes: &'a [(Occasion, ast::Class)],
        numbers: &[u32],
        handed: &BTreeSet<VarId>,
        bench: &mut Bench<'a, '_, '_>,
    ) -> Option<Lives<'a>> {
        let mut classes = Vec::new();
        for (index, class) in plan.users.iter().enumerate() {
            let variables = setters::of_class(plan, class, Whose::Users(handed), bench.reader);
            let laid_out = bench.leaves(index, class, numbers[index], |layout, leaves| {
                layout.class(leaves)
            });
            classes.push((class, variables, laid_out?));
        }
        let rows = bench.requests.rows().cloned().chain(bench.acts.rows());
        let rows = rows.collect();
        let mut played = Vec::new();
        for (index, (occasion, class)) in (plan.users.len()..).zip(scenes) {
            let whose = match occasion {
                Occasion::Setup => Whose::Setup(handed),
                Occasion::Teardown => Whose::Teardown(handed),
            };
            let variables = setters::of_class(plan, class, whose, bench.reader);
            let laid_out = bench.leaves(index, class, 1, |layout, leaves| {
                layout.scene(*occasion, leaves)
            });
            played.push((*occasion, (class, variables, laid_out?)));
        }
        Some(Lives {
            classes,
            played,
            rows,
        })
    }

    /// Whether each value is there when it is read, and which answers are read at all.
    pub(super) fn follow_values(
        &self,
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
        beside::check(&flow, names, found);
        let of_part = |part| {
            let mut played = self.played.iter();
            let (_, laid_out) = played.find(|(played, _)| *played == part)?;
            Some(before(laid_out, Rows::None))
        };
        let users = self.classes.iter().map(|class| before(class, Rows::Drawn));
        let lives = users.chain(of_part(Occasion::Teardown));
        flow::check(of_part(Occasion::Setup), lives, &flow, names, found);
        for (request, body) in kept::readers(&flow, names) {
            requests.keep(request, body);
        }
    }

    /// Who draws from the feeds, and where.
    pub(super) fn drawing(
        &self,
        flow: &Flow<'_>,
        seats: (&[ClassId], &[u32]),
        feeds: &[Feed],
        names: &Names,
    ) -> Drawing {
        let lives = self.classes.iter().map(|(_, variables, ways)| Life {
            entry: ways.entry,
            stop: ways.stop,
            vars: variables.feeds(),
        });
        let lives: Vec<_> = lives.collect();
        Drawing::of(&lives, seats, feeds, flow, names)
    }

    /// The classes and the scenes as they are run, with how they connect.
    pub(super) fn into_classes(self, wires: Vec<Wires>) -> (Box<[Class]>, Box<[Scene]>) {
        // By class, and then by scene.
        let mut wires = wires.into_iter();
        let classes = self.classes.into_iter().zip(&mut wires);
        let classes = classes.map(|(laid_out, wires)| compiled(laid_out, wires));
        let classes = classes.collect();
        let scenes = self.played.into_iter().zip(&mut wires);
        let scenes = scenes.map(|((occasion, laid_out), wires)| Scene {
            occasion,
            class: compiled(laid_out, wires),
        });
        (classes, scenes.collect())
    }
}

impl<'a> Bench<'a, '_, '_> {
    fn leaves(
        &mut self,
        index: usize,
        class: &'a ast::Class,
        users: u32,
        lay_out: impl FnOnce(&mut Layout<'a>, &mut Leaves<'a, '_, '_>) -> Option<Ways>,
    ) -> Option<Ways> {
        let mut leaves = Leaves {
            id: ClassId::at(index),
            class,
            users,
            requests: self.requests,
            acts: self.acts,
            reader: self.reader,
        };
        let ways = lay_out(self.layout, &mut leaves);
        if ways.is_none() {
            self.reader.found.push(too_large(class));
        }
        ways
    }
}

fn before<'c>((class, variables, ways): &'c LaidOut<'_>, rows: Rows) -> Before<'c> {
    Before {
        class,
        set: variables.set(),
        reads: variables.reads(),
        ways: *ways,
        rows,
    }
}

fn compiled((class, variables, ways): LaidOut<'_>, (tls, connecting): Wires) -> Class {
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
