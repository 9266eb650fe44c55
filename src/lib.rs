//! A declarative runner for load and endurance tests.
//!
//! ```text
//!  plan file ──read──▶ Source ──parse──▶ Plan ──check──▶ CheckedPlan ──compile──▶ Graph ──run──▶ RunRecord ──render──▶ report
//! ```
//!
//! Six doors, each one function whose argument is the last door's result:
//! [`source::read`], [`plan::parse`], [`plan::check`], [`graph::compile`],
//! [`engine::run`], [`report::render`]. Every subcommand is a prefix or a branch
//! of that line. The rooms, in reading order:
//!
//! | room | what it is for |
//! |---|---|
//! | [`base`] | units, ids, time, randomness, values |
//! | [`source`] | files, places in them, diagnostics |
//! | [`plan`] | the plan as written |
//! | [`template`] [`profile`] [`feed`] [`tls`] [`extract`] [`expect`] | what a plan's parts become |
//! | [`graph`] | the plan as executed |
//! | [`forecast`] | what it will do, before it does |
//! | [`sketch`] | the plan as a drawing |
//! | [`diff`] | what a change of it means |
//! | [`exchange`] [`protocol`] | one request and its answer; asking for real |
//! | [`engine`] | users, workers, the conductor |
//! | [`stats`] | samples to numbers |
//! | [`health`] | whether the generator keeps up |
//! | [`view`] [`report`] | while it runs; when it has ended |
//! | [`demo`] | the built-in target |
//! | [`cli`] | the command line |
//!
//! `tests/architecture.rs` holds who may import whom.

pub mod archive;
pub mod base;
pub mod cli;
pub mod demo;
pub mod diff;
pub mod engine;
pub mod exchange;
pub mod expect;
pub mod extract;
pub mod feed;
pub mod forecast;
pub mod graph;
pub mod health;
pub mod plan;
pub mod profile;
pub mod protocol;
pub mod report;
pub mod sketch;
pub mod source;
pub mod stats;
pub mod template;
pub mod tls;
pub mod view;
