//! The layout of YAML.
//!
//! ```text
//! text ─▶ events: what stands where ─▶ attach: comments to what they are about ─▶ print
//! ```

mod attach;
mod comments;
mod events;
mod print;
mod scalar;

use super::align::{self, Behind};

/// A text in its layout; `None` if it holds nothing, or no YAML.
pub(super) fn lay_out(text: &str) -> Option<String> {
    Some(align::join(&print::lines(attached(text)?)))
}

/// The comments of a text in their order, without blanks at their ends.
pub(super) fn comments(text: &str) -> Option<Vec<String>> {
    let document = events::read(text)?;
    let comments = document.comments.iter();
    Some(
        comments
            .map(|comment| comment.text.trim_end().to_owned())
            .collect(),
    )
}

/// A text with its comments where they belong; `None` if it holds nothing, or no YAML.
pub(super) fn attached(text: &str) -> Option<Node> {
    attach::attach(text, events::read(text)?)
}

/// A line above something, or below the last of something.
#[derive(Debug)]
pub(super) enum Above {
    Blank,
    Comment(String),
}

/// An entry of a mapping or an item of a list.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) above: Vec<Above>,
    /// As it is written; `None` for an item of a list.
    key: Option<String>,
    /// What the key says, if it is no collection.
    pub(super) name: Option<String>,
    pub(super) node: Node,
}

/// A value with the comments on its own lines.
#[derive(Debug)]
pub(super) struct Node {
    /// Its anchor and tag.
    marks: String,
    /// Behind its key, if it stands below that.
    pub(super) head: Option<Behind>,
    pub(super) content: Content,
    /// Behind its end.
    pub(super) tail: Option<Behind>,
}

#[derive(Debug)]
pub(super) enum Content {
    /// One line of text, or more, or none.
    Scalar(Vec<String>),
    /// What stands behind the key, and the lines below.
    Block(String, Vec<String>),
    Collection(Collection),
}

#[derive(Debug)]
pub(super) struct Collection {
    pub(super) style: Style,
    pub(super) kind: Kind,
    pub(super) items: Vec<Item>,
    pub(super) below: Vec<Above>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    List,
    Map,
}

/// How a collection was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Block,
    Brackets,
    /// A mapping of one entry in a list, without its braces.
    Bare,
}
