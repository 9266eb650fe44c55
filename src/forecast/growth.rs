//! What fills up: creates against deletes, guessed from methods and paths.
//!
//! A request creates if it is a `POST` to a path without an id whose last word is
//! not one that is known to do something else (`login`, `search`). It deletes if
//! it is a `DELETE`, or a `POST` whose path ends with such a word. What both have
//! in common is the path without that word and without the id: `/posts` for
//! `POST /posts`, `POST /posts/create` and `DELETE /posts/{id}`.

use std::collections::BTreeMap;

use super::{Amount, Bound, Change, Growth, compute::name, course::Deed};
use crate::{
    base::method::Method,
    graph::{Aim, Graph},
};

/// Words that create what the path before them names.
const CREATE: [&str; 5] = ["create", "add", "new", "insert", "upload"];

const DELETE: [&str; 5] = ["delete", "remove", "destroy", "erase", "discard"];

/// Words that create nothing which stays.
const NEITHER: [&str; 26] = [
    "login", "log-in", "log_in", "signin", "sign-in", "sign_in", "logout", "log-out", "log_out",
    "signout", "sign-out", "sign_out", "auth", "token", "refresh", "session", "sessions", "search",
    "query", "find", "filter", "graphql", "validate", "check", "preview", "ping",
];

/// What a request seems to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Creates,
    Deletes,
}

/// Sums up what is created and deleted below each path; paths below which nothing
/// is created are left out.
pub(super) fn guess(graph: &Graph, amounts: &BTreeMap<Deed, (Amount, Bound)>) -> Vec<Growth> {
    let mut paths: BTreeMap<String, (Vec<Change>, Vec<Change>)> = BTreeMap::new();
    for (deed, (amount, bound)) in amounts {
        let Deed::Request(id) = deed else { continue };
        let request = graph.request(*id);
        // Where a form leads is known only when it is there.
        let Aim::Url { method, url } = &request.aim else {
            continue;
        };
        let Some((effect, path)) = effect(*method, &url.outline()) else {
            continue;
        };
        let (created, deleted) = paths.entry(path).or_default();
        let changes = match effect {
            Effect::Creates => created,
            Effect::Deletes => deleted,
        };
        let change = Change {
            name: name(graph, *deed),
            place: request.place,
            amount: *amount,
            bound: *bound,
        };
        // Each class has a request of its own at the same place of the plan.
        match changes.iter_mut().find(|known| known.name == change.name) {
            Some(known) => {
                known.amount = known.amount.plus(change.amount);
                known.bound = known.bound.and(change.bound);
            }
            None => changes.push(change),
        }
    }
    let growing = paths
        .into_iter()
        .filter(|(_, (created, _))| !created.is_empty());
    growing
        .map(|(path, (created, deleted))| Growth {
            net: sum(&created).minus(sum(&deleted)),
            bound: (created.iter().map(|change| change.bound))
                .chain(deleted.iter().map(|change| change.bound.reversed()))
                .fold(Bound::Exact, Bound::and),
            path,
            created,
            deleted,
        })
        .collect()
}

/// All of them together.
pub(super) fn sum(changes: &[Change]) -> Amount {
    let amounts = changes.iter().map(|change| change.amount);
    amounts.fold(Amount::NOTHING, Amount::plus)
}

/// What a request seems to do, and below which path.
fn effect(method: Method, outline: &str) -> Option<(Effect, String)> {
    let without_query = outline.split(['?', '#']).next().unwrap_or_default();
    let (origin, path) = match without_query.find("://") {
        None => ("", without_query),
        Some(at) => {
            let host = at + "://".len();
            let end = without_query[host..].find('/');
            without_query.split_at(end.map_or(without_query.len(), |end| host + end))
        }
    };
    let mut segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let last = segments.last().map(|last| last.to_lowercase());
    let last = last.as_deref().unwrap_or_default();
    let effect = match method {
        Method::Delete => Effect::Deletes,
        Method::Post if DELETE.contains(&last) => {
            segments.pop();
            Effect::Deletes
        }
        Method::Post if segments.iter().any(|part| is_id(part)) || NEITHER.contains(&last) => {
            return None;
        }
        Method::Post => {
            if CREATE.contains(&last) {
                segments.pop();
            }
            Effect::Creates
        }
        Method::Get | Method::Put | Method::Patch | Method::Head | Method::Options => return None,
    };
    if effect == Effect::Deletes && segments.last().is_some_and(|part| is_id(part)) {
        segments.pop();
    }
    Some((effect, format!("{origin}/{}", segments.join("/"))))
}

/// Whether a part of a path tells one thing from others of its kind.
fn is_id(part: &str) -> bool {
    part.contains('{') || part.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn effects_are_guessed_from_methods_and_paths() {
        use Effect::{Creates, Deletes};
        use Method::{Delete, Get, Post, Put};
        let rows = [
            (Post,   "/create",                     Some((Creates, "/"))),
            (Post,   "/posts/create?draft={draft}", Some((Creates, "/posts"))),
            (Post,   "/posts",                      Some((Creates, "/posts"))),
            (Post,   "/auth/register",              Some((Creates, "/auth/register"))),
            (Post,   "http://a:1/posts/New",        Some((Creates, "http://a:1/posts"))),
            (Post,   "/{post_id}/delete",           Some((Deletes, "/"))),
            (Post,   "/posts/{…}/Remove",           Some((Deletes, "/posts"))),
            (Post,   "/posts/delete",               Some((Deletes, "/posts"))),
            (Delete, "/posts/{id}",                 Some((Deletes, "/posts"))),
            (Delete, "/posts/17",                   Some((Deletes, "/posts"))),
            (Delete, "/posts",                      Some((Deletes, "/posts"))),
            (Post,   "/{post_id}/update",           None),
            (Post,   "/posts/{id}/comments",        None),
            (Post,   "/auth/login",                 None),
            (Post,   "/search",                     None),
            (Post,   "{link}",                      None),
            (Get,    "/create",                     None),
            (Put,    "/posts",                      None),
        ];
        for (method, outline, expected) in rows {
            let expected = expected.map(|(effect, path)| (effect, path.to_owned()));
            assert_eq!(effect(method, outline), expected, "{method} {outline}");
        }
    }
}
