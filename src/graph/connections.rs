//! How many connections the users of a plan may have at the same time.
//!
//! An estimate from what is known before the run, on both sides: who asks other
//! servers only now and then, or shares a connection of HTTP/2, needs fewer.

use std::collections::BTreeSet;

use super::{Graph, Node, node::lanes};
use crate::{
    base::{connecting::Lifetime, ids::ClassId},
    profile::Model,
};

/// What bounds the connections of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerUser {
    /// Requests that are under way at the same time.
    pub at_once: usize,
    /// Connections that are kept.
    pub kept: usize,
}

/// Connections of all users of a plan together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// One for each user who keeps it, where so many users are there for certain.
    pub least: u64,
    /// As many as there can be if all users are there.
    pub most: u64,
}

impl Graph {
    /// How many connections its users may have at the same time.
    pub fn connections(&self, bounds: PerUser) -> Connections {
        let width = self.widest().min(bounds.at_once);
        let everywhere = (self.servers() * width).min(bounds.kept.max(width));
        let lifetime = |class: &ClassId| self.classes[class.index()].connecting.lifetime;
        let most = self.seats.iter().map(|class| match lifetime(class) {
            Lifetime::KeepAlive => everywhere as u64,
            Lifetime::OneRequest => width as u64,
        });
        // Loads need not be there at the same time, and arrivals need no user that is
        // not busy.
        let least = self.loads.iter().map(|load| match load.profile.model {
            Model::Closed => {
                let seats = load.seats.start as usize..load.seats.end as usize;
                let keep = |class: &&ClassId| lifetime(class) == Lifetime::KeepAlive;
                let kept = self.seats[seats].iter().filter(keep).count();
                (kept * width.min(1)) as u64
            }
            Model::Open { .. } => 0,
        });
        Connections {
            least: least.max().unwrap_or(0),
            most: most.sum(),
        }
    }

    /// How many requests a user sends side by side at most; 0 if there is none at all.
    fn widest(&self) -> usize {
        let forks = self.nodes.iter().filter_map(|node| match node {
            Node::Fork { next } => Some(lanes(&self.nodes, *next).len()),
            _ => None,
        });
        forks.max().unwrap_or(0).max(self.requests.len().min(1))
    }

    /// How many servers are asked, as far as that is known before the run.
    fn servers(&self) -> usize {
        let requests = self.requests.iter().filter_map(|request| {
            let ready = request.ready.as_ref()?;
            Some(ready.url.origin())
        });
        let origins: BTreeSet<_> = requests
            .map(|origin| origin.ascii_serialization())
            .collect();
        origins.len().max(1)
    }
}
