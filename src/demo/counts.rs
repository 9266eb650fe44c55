//! What was asked for, by method and route.

use std::collections::BTreeMap;

use axum::http::Method;

/// How often each route was asked for with each method.
///
/// Bounded: routes are ours, and methods that HTTP does not define count as one.
#[derive(Debug, Default)]
pub struct Counts(BTreeMap<String, u64>);

/// What stands for the route of a request for a page that there is not.
const NO_ROUTE: &str = "(no route)";

impl Counts {
    /// Counts a request; `route` is a pattern such as `/{id}/delete`.
    pub fn add(&mut self, method: &Method, route: Option<&str>) {
        let method = match *method {
            Method::GET
            | Method::POST
            | Method::HEAD
            | Method::PUT
            | Method::DELETE
            | Method::OPTIONS
            | Method::PATCH
            | Method::TRACE
            | Method::CONNECT => method.as_str(),
            _ => "OTHER",
        };
        let route = route.unwrap_or(NO_ROUTE);
        *self.0.entry(format!("{method} {route}")).or_default() += 1;
    }

    /// How many requests came in all.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// `("POST /{id}/delete", 12)` and so on, in the order of the alphabet.
    pub fn each(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(name, count)| (name.as_str(), *count))
    }
}
