//! What a trial comes to: how much was tried, what failed, what nobody came to.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
};

use serde_json::{Value, json};

use super::{talk::ALONE, told::place};
use crate::{
    base::ids::{RequestId, UserNumber},
    cli::{CliError, Context},
    engine::{Deed, Witnessed},
    graph::Graph,
    source::{Sources, Span},
};

#[derive(Debug, Default)]
pub(super) struct Tally {
    /// A step that several classes have is compiled for each of them; it is one.
    places: BTreeMap<(u16, u32), RequestId>,
    asked: BTreeSet<(u16, u32)>,
    users: BTreeSet<UserNumber>,
    requests: u64,
    failed: u64,
    /// Other steps that broke, and users whose start failed.
    broken: u64,
}

fn key(place: Span) -> (u16, u32) {
    let start = u32::try_from(place.range().start).unwrap_or(u32::MAX);
    (place.file.0, start)
}

impl Tally {
    /// Nothing yet, of what this graph has.
    pub(super) fn of(graph: &Graph) -> Tally {
        let places = graph.requests.iter().enumerate();
        let places = places.map(|(at, request)| (key(request.place), RequestId::at(at)));
        Tally {
            places: places.collect(),
            ..Tally::default()
        }
    }

    pub(super) fn add(&mut self, witnessed: &Witnessed, graph: &Graph) {
        if witnessed.user != ALONE {
            self.users.insert(witnessed.user);
        }
        match &witnessed.deed {
            Deed::Asked(asked) => {
                self.requests += 1;
                self.failed += u64::from(asked.failure.is_some());
                self.asked.insert(key(graph.request(asked.request).place));
            }
            Deed::Broke { .. } | Deed::StartFailed => self.broken += 1,
            Deed::Recorded { .. }
            | Deed::Set(_)
            | Deed::Logged(_)
            | Deed::Skipped(_)
            | Deed::Ended => {}
        }
    }

    /// Whether all was as expected.
    pub(super) fn is_good(&self) -> bool {
        self.failed == 0 && self.broken == 0
    }

    /// Steps that nobody came to, in the order of the plan.
    fn missed(&self, graph: &Graph, sources: &Sources) -> Vec<(String, Cow<'static, str>)> {
        let missed = self
            .places
            .iter()
            .filter(|(key, _)| !self.asked.contains(key));
        let missed = missed.map(|(_, id)| {
            let request = graph.request(*id);
            (place(request, sources), request.aim.label())
        });
        missed.collect()
    }

    /// The last lines of a conversation.
    pub(super) fn tell(
        &self,
        graph: &Graph,
        sources: &Sources,
        ctx: &mut Context,
    ) -> Result<(), CliError> {
        let plural = |n: u64, what: &str| match n {
            1 => format!("1 {what}"),
            n => format!("{n} {what}s"),
        };
        let users = plural(self.users.len() as u64, "user");
        let requests = plural(self.requests, "request");
        let end = match (self.failed, self.broken) {
            (0, 0) => "all as expected".to_owned(),
            (failed, 0) => format!("{failed} failed"),
            (0, broken) => plural(broken, "other step") + " failed",
            (failed, broken) => format!("{failed} failed, and {}", plural(broken, "other step")),
        };
        writeln!(ctx.stdout, "{users}, {requests}: {end}")?;
        for (place, method) in self.missed(graph, sources) {
            writeln!(ctx.stdout, "nobody came to the {method} at {place}")?;
        }
        Ok(())
    }

    /// The last line for programs.
    pub(super) fn json(&self, graph: &Graph, sources: &Sources) -> Value {
        let missed = self.missed(graph, sources).into_iter();
        json!({
            "users": self.users.len(),
            "requests": self.requests,
            "failed": self.failed,
            "broken": self.broken,
            "not_reached": missed.map(|(place, _)| place).collect::<Vec<_>>(),
        })
    }
}
