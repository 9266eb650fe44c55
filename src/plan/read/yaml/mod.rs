//! YAML text to a tree.
//!
//! The parser brings events with their bytes; [`build`] nests them. At a syntax
//! error the parser stops. Where the slip is a single value, as most are, that
//! value is left out and the text is read again, so that all slips of a file
//! are told of at once. Otherwise what stands before it is kept, and reading
//! goes on at the next key of a plan at the beginning of a line: a bracket that
//! nobody closes in one task does not hide what is wrong with the load.
//!
//! # What is not here
//!
//! YAML 1.1: `no` is a text.

mod build;
mod lines;
mod open;
mod plain;
mod reject;
mod signs;
mod syntax;
mod value;

use std::ops::Range;

use granit_parser::{Event, Parser};

use self::build::{Builder, Built};
use super::{
    node::{MAX_DEPTH, Node, NodeKind},
    slip::Slip,
    tree::Tree,
};
use crate::{
    plan::keys,
    source::{Diagnostics, FileId},
};

pub(in crate::plan) use self::plain::resolve;
pub(super) use self::{syntax::line_of, value::quoted};

/// How often reading goes on after a syntax error that is more than a value: a
/// plan has about a dozen keys at the beginning of a line.
const MAX_STRETCHES: usize = 16;

/// How many values of one stretch can be left out.
const MAX_LEFT_OUT: usize = 40;

/// How many bytes are read again for values that were left out: a plan of usual
/// size gets its forty slips told at once, a huge one the first few.
const MAX_READ_AGAIN_BYTES: usize = 4 << 20;

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

/// Reads the file from byte `start` on, up to its end or a slip that cannot be
/// left out; then returns where reading can go on.
fn stretch(
    file: FileId,
    text: &str,
    start: usize,
    tree: &mut Tree,
    found: &mut Diagnostics,
) -> Option<usize> {
    // Empty lines in place of what was read keep all bytes where they are.
    let mut readable = "\n".repeat(start) + &text[start..];
    let mut left_out: Vec<Range<usize>> = Vec::new();
    let mut slips = Diagnostics::new();
    loop {
        let mut told = Diagnostics::new();
        let builder = Builder::new(file, text, &left_out, &text[..start], &mut told);
        let (mut builder, slip) = parse(&readable, start, builder);
        let mut resume = start;
        if let Some(slip) = &slip {
            let budget = MAX_READ_AGAIN_BYTES / text.len().max(1);
            if let Some(value) = &slip.value
                && left_out.len() < MAX_LEFT_OUT.min(budget)
                && is_new(value, &left_out, start)
            {
                slips.push(slip.diagnostic(file));
                // As many letters as there were bytes: a text that means nothing.
                readable.replace_range(value.clone(), &"x".repeat(value.len()));
                left_out.push(value.clone());
                continue;
            }
            // What follows a value that was left out, and is torn too, is the same slip.
            match left_out.iter().find(|gap| slip.touches(gap)) {
                Some(gap) => builder.tear_silently(gap.clone()),
                None => builder.tear(slip),
            }
            resume = start.max(slip.range.start);
        }
        let Built { root, torn, gaps } = builder.finish();
        tree.torn.extend(torn);
        tree.gaps |= gaps || !left_out.is_empty();
        found.append(slips);
        found.append(told);
        join(&mut tree.root, root, found);
        return slip.and_then(|_| next_key(text, resume));
    }
}

/// Whether nothing of a value has been left out before: then to leave it out
/// brings the parser further.
fn is_new(value: &Range<usize>, left_out: &[Range<usize>], start: usize) -> bool {
    !value.is_empty()
        && value.start >= start
        && left_out
            .iter()
            .all(|gap| value.end <= gap.start || gap.end <= value.start)
}

/// Gives the parser's events to the builder, up to the end or a syntax error.
fn parse<'b>(
    readable: &str,
    start: usize,
    mut builder: Builder<'b>,
) -> (Builder<'b>, Option<Slip>) {
    let options = granit_parser::options! {
        emit_comments: false,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        // Our own limit comes first and has the better message.
        flow_nesting_limit: 2 * MAX_DEPTH,
        block_nesting_limit: 2 * MAX_DEPTH,
    };
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(readable, options) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(readable.len());
                let slip = builder.explain(readable, error.kind(), at.max(start));
                return (builder, Some(slip));
            }
        };
        let range = span.byte_range().unwrap_or(0..0);
        if matches!(event, Event::DocumentStart(..)) {
            documents += 1;
            if documents > 1 {
                builder.second_document(&range);
                break;
            }
        }
        let tag_range = span.tag_span().and_then(|tag| tag.byte_range());
        if builder.event(event, range, tag_range).is_break() {
            break;
        }
    }
    (builder, None)
}

/// The beginning of the next line that begins with a key of a plan.
fn next_key(text: &str, from: usize) -> Option<usize> {
    let from = text.floor_char_boundary(from);
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
