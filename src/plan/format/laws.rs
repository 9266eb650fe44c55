//! What a layout must not change.

use std::fmt;

use crate::{
    plan::read::{
        node::{Node, NodeKind},
        tree::{self, Tree},
    },
    source::{Diagnostics, FileId, Format, Source},
};

/// A law that a layout would break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// It reads back as the same tree.
    Meaning,
    /// To lay it out again changes nothing.
    Rest,
    /// Each comment is still there, in its order.
    Comments,
}

impl fmt::Display for Law {
    // Stands after "its layout ".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Law::Meaning => "would change what it says",
            Law::Rest => "would not stay the same",
            Law::Comments => "would lose a comment, or move one past another",
        })
    }
}

/// Holds all laws against what `lay_out` made of a source.
pub(super) fn hold(
    source: &Source,
    before: &Tree,
    laid_out: &str,
    lay_out: fn(&Source) -> Option<String>,
) -> Result<(), Law> {
    let after = Source {
        path: source.path.clone(),
        format: source.format,
        text: laid_out.to_owned(),
    };
    let mut found = Diagnostics::new();
    let tree = tree::grow(FileId(0), &after, &mut found);
    if found.has_errors() || tree.gaps || !tree.torn.is_empty() {
        return Err(Law::Meaning);
    }
    match (&before.root, &tree.root) {
        (Some(before), Some(after)) if same(before, after) => {}
        (Some(_) | None, Some(_) | None) => return Err(Law::Meaning),
    }
    if comments(source) != comments(&after) {
        return Err(Law::Comments);
    }
    match lay_out(&after) {
        Some(again) if again == laid_out => Ok(()),
        Some(_) | None => Err(Law::Rest),
    }
}

/// The comments of a text in their order, without blanks at their ends.
pub(super) fn comments(source: &Source) -> Option<Vec<String>> {
    match source.format {
        Format::Yaml => super::yaml::comments(&source.text),
        Format::Toml => super::toml::comments(&source.text),
    }
}

/// Whether two trees are equal, wherever they stand.
fn same(one: &Node, other: &Node) -> bool {
    match (&one.kind, &other.kind) {
        (NodeKind::Scalar(one), NodeKind::Scalar(other)) => {
            // As text, because not-a-number is not equal to itself.
            one.text == other.text && format!("{:?}", one.kind) == format!("{:?}", other.kind)
        }
        (NodeKind::List(one), NodeKind::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (NodeKind::Map(one), NodeKind::Map(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| {
                    one.key.value == other.key.value && same(&one.value, &other.value)
                })
        }
        (
            NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Broken,
            NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Broken,
        ) => false,
    }
}
