//! What a file holds, and where its text is torn.

use super::{node::Node, toml, yaml};
use crate::source::{Diagnostics, FileId, Format, Source, Span};

/// The tree of a file, as far as its text could be read.
#[derive(Debug, Default)]
pub(in crate::plan) struct Tree {
    /// `None` if there is nothing but comments.
    pub(in crate::plan) root: Option<Node>,
    /// The places of its syntax errors. If there are any, parts are missing.
    pub(in crate::plan) torn: Vec<Span>,
    /// Whether there is a value that could not be read, and was told of: names
    /// that it reads or sets are unknown.
    pub(in crate::plan) gaps: bool,
}

/// Reads a file's text; syntax errors go to `found`.
pub(in crate::plan) fn grow(file: FileId, source: &Source, found: &mut Diagnostics) -> Tree {
    match source.format {
        Format::Yaml => yaml::tree(file, &source.text, found),
        Format::Toml => toml::tree(file, &source.text, found),
    }
}
