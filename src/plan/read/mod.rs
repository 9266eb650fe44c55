//! Text to plan: reading that recovers from every mistake.
//!
//! ```text
//! YAML ─▶ yaml ─┐
//!               ├─▶ Node tree ─▶ file ─▶ class, step, request ─▶ Plan
//! TOML ─▶ toml ─┘                 └─────── fields, value ──────┘
//! ```
//!
//! Both formats become one tree of [`node`]s with the bytes they stand on. From
//! there on nothing knows which of the two it was. A mapping is read key by key
//! with [`fields`]: a wrong value is a diagnostic, and its neighbours are still
//! read. A task or class whose contents are wrong keeps its name, so nobody is
//! told that it does not exist. A test with eight mistakes chose this way:
//! serde's derive stops at the first.
//!
//! What is wrong is told once, in one go, with one of these [`codes`].
//!
//! # What is not here
//!
//! Whether names exist and templates, selectors and patterns mean anything:
//! those are later doors. Files: a loader brings them.

mod auth;
mod body;
mod class;
mod collection;
mod connecting;
mod context;
mod data;
mod edit;
mod expect;
mod extract;
mod fields;
mod file;
mod find;
mod flow;
mod include;
mod load;
mod meant;
pub(super) mod node;
mod number;
mod parts;
mod request;
mod slip;
mod step;
mod tags;
mod task;
mod tls;
mod toml;
pub(super) mod tree;
mod value;
mod yaml;

use super::rules::reading as codes;

pub use include::{parse, parse_with};
pub(super) use yaml::resolve as resolve_plain;
