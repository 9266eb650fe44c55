//! YAML text to a tree.
//!
//! The parser brings events with their bytes; [`build`] nests them. At a syntax
//! error the parser stops: what stands before it is kept, and reading goes on at
//! the next key of a plan at the beginning of a line. So a missing quote in one
//! task does not hide what is wrong with the load.
//!
//! # What is not here
//!
//! YAML 1.1: `no` is a text.

mod build;
mod open;
mod plain;
mod syntax;

use granit_parser::{Event, Parser};

use self::build::Builder;
use super::{
    node::{MAX_DEPTH, Node, NodeKind},
    tree::Tree,
};
use crate::{
    plan::keys,
    source::{Diagnostics, FileId},
};

pub(super) use self::syntax::line_of;

/// How often reading goes on after a syntax error: a plan has about a dozen
/// keys at the beginning of a line.
const MAX_STRETCHES: usize = 16;

/// Builds the tree of a YAML file.
pub(super) fn tree(file: FileId, text: &str, found: &mut Diagnostics) -> Tree {
    let mut tree = Tree::default();
    let mut from = Some(0);
    for _ in 0..MAX_STRETCHES {
        let Some(start) = from else { break };
        from = stretch(file, text, start, &mut tree, found);
    }
    tree
}

/// Reads the file from byte `start` on, up to its end or a syntax error; then
/// returns where reading can go on.
fn stretch(
    file: FileId,
    text: &str,
    start: usize,
    tree: &mut Tree,
    found: &mut Diagnostics,
) -> Option<usize> {
    let options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        // Our own limit comes first and has the better message.
        flow_nesting_limit: 2 * MAX_DEPTH,
        block_nesting_limit: 2 * MAX_DEPTH,
    };
    // Empty lines in place of what was read keep all bytes where they are.
    let padded = "\n".repeat(start) + &text[start..];
    let mut builder = Builder::new(file, text, start > 0, found);
    let mut documents = 0;
    let mut next = None;
    for event in Parser::new_from_str_with_options(&padded, options) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len());
                let slip = builder.syntax_error(error.kind(), at.max(start));
                next = next_key(text, slip.max(start));
                break;
            }
        };
        let range = span.byte_range().unwrap_or(0..0);
        if matches!(event, Event::DocumentStart(..)) {
            documents += 1;
            if documents > 1 {
                builder.second_document(range);
                break;
            }
        }
        let tag_range = span.tag_span().and_then(|tag| tag.byte_range());
        if builder.event(event, range, tag_range).is_break() {
            break;
        }
    }
    let (root, torn) = builder.finish();
    tree.torn.extend(torn);
    join(&mut tree.root, root, found);
    next
}

/// The beginning of the next line that begins with a key of a plan.
fn next_key(text: &str, from: usize) -> Option<usize> {
    let line_starts = text[from..]
        .match_indices('\n')
        .map(|(newline, _)| from + newline + 1);
    line_starts.into_iter().find(|start| {
        text[*start..]
            .split_once(':')
            .is_some_and(|(name, _)| keys::PLAN.key(name).is_some())
    })
}

/// Adds the keys of a later stretch to those read before.
fn join(root: &mut Option<Node>, later: Option<Node>, found: &mut Diagnostics) {
    let Some(later) = later else { return };
    let Some(first) = root else {
        *root = Some(later);
        return;
    };
    if let (NodeKind::Map(entries), NodeKind::Map(more)) = (&mut first.kind, later.kind) {
        for entry in more {
            match entries
                .iter()
                .find(|earlier| earlier.key.value == entry.key.value)
            {
                Some(earlier) => {
                    found.push(open::duplicate_key(&entry.key, earlier.key.span));
                }
                None => entries.push(entry),
            }
        }
    }
}
