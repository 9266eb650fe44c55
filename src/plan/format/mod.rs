//! The one layout of a plan file, for every author.
//!
//! ```text
//! YAML ─▶ yaml: events ─▶ attach ─▶ print ─┐
//!                                          ├─▶ align ─▶ laws ─▶ text
//! TOML ─▶ toml ────────────────────────────┘
//! ```
//!
//! [`convert`] spells a file in the other format, by way of a tree with comments
//! that knows neither, and lays that out.
//!
//! [`format()`] works on the text of one file. What its author chose and a reader
//! may want to keep stays: the order of keys, blank lines, comments and their
//! columns, brackets that fit into a line. What nobody chooses twice the same way
//! is made equal: indentation, spaces, quotes, the ends of lines.
//!
//! # What holds here
//!
//! - Two laws: the text reads back as the same tree, and to format it again
//!   changes nothing. They are held against every text that leaves this room, and
//!   so is a third: each comment is still there, in its order. A text that breaks
//!   one is never handed out.
//! - Text that cannot be read is not touched.
//!
//! # What is not here
//!
//! Whether a plan means anything: one with unknown keys is laid out all the same.

mod align;
mod convert;
mod laws;
mod toml;
mod yaml;

use super::{
    keys,
    read::{
        node::{Node, NodeKind},
        tree::{self, Tree},
    },
};
use crate::source::{Diagnostics, FileId, Format, Source};

pub use convert::{Destination, NotConverted, convert};
pub use laws::Law;

/// How many letters a line has at most before brackets are written out as a block.
const MAX_WIDTH: usize = 100;

/// Why a file has no layout.
#[derive(Debug)]
pub enum NotFormatted {
    /// Its text cannot be read; the diagnostics say where.
    Torn(Diagnostics),
    /// It has no `plan` at its top level: it is something else.
    NoPlan,
    /// Our own layout would lose something, or would not last.
    Breaks(Law),
}

/// The text of `source` in canonical layout.
///
/// # Errors
///
/// See [`NotFormatted`]; the text is then best left as it is.
pub fn format(source: &Source) -> Result<String, NotFormatted> {
    let mut found = Diagnostics::new();
    let tree = tree::grow(FileId(0), source, &mut found);
    if found.has_errors() || tree.gaps || !tree.torn.is_empty() {
        return Err(NotFormatted::Torn(found));
    }
    if !is_plan(&tree) {
        return Err(NotFormatted::NoPlan);
    }
    let laid_out = lay_out(source).ok_or(NotFormatted::Breaks(Law::Meaning))?;
    laws::hold(source, &tree, &laid_out, lay_out).map_err(NotFormatted::Breaks)?;
    Ok(match source.text.contains("\r\n") {
        true => laid_out.replace('\n', "\r\n"),
        false => laid_out,
    })
}

/// The layout of a text that can be read, with plain line feeds.
fn lay_out(source: &Source) -> Option<String> {
    let text = source.text.replace("\r\n", "\n");
    match source.format {
        Format::Yaml => yaml::lay_out(&text),
        Format::Toml => toml::lay_out(&text),
    }
}

/// Whether a file says that it is a plan: `plan` stands at its top level.
fn is_plan(tree: &Tree) -> bool {
    let Some(Node { kind, .. }) = &tree.root else {
        return false;
    };
    match kind {
        NodeKind::Map(entries) => entries
            .iter()
            .any(|entry| entry.key.value == keys::PLAN.keys[0].name),
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => false,
    }
}
