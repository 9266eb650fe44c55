//! A plan file in the other of the two formats.
//!
//! ```text
//! YAML ─▶ from_yaml ─┐              ┌─▶ to_toml ─┐
//!                    ├─▶ tree ──────┤            ├─▶ layout ─▶ laws ─▶ text
//! TOML ─▶ from_toml ─┘  + comments  └─▶ to_yaml ─┘
//! ```
//!
//! A comment stays with the key or the item that it is about. What was written in
//! lines becomes lines, what was written in brackets stays in brackets. A table of
//! TOML has its own keys before the tables in it, so keys may change places where
//! their order means nothing.
//!
//! # What holds here
//!
//! - Three laws, held against every text before it is handed out: read again, with
//!   all that it includes, it is the same plan; each comment is still there; and its
//!   layout is the one of [`format()`](super::format()).
//!
//! # What is not here
//!
//! Files that a plan includes: they are named as before, whatever their format.

mod brackets;
mod from_toml;
mod from_yaml;
mod spelling;
mod to_toml;
mod to_yaml;
mod tree;

use std::path::Path;

use self::{spelling::modeline, tree::Collection};
use super::{Law, NotFormatted, format, laws};
use crate::{
    plan::{fingerprint::meaning, parse, read::tree as file_tree},
    source::{Diagnostics, FileId, Format, Loader, Source, Sources},
};

/// Where a plan goes.
#[expect(missing_debug_implementations, reason = "a loader has none")]
pub struct Destination<'a> {
    pub path: &'a Path,
    pub format: Format,
    /// Brings what the plan includes, as seen from there.
    pub loader: &'a mut dyn Loader,
}

/// Why a plan cannot be spelled in the other format.
#[derive(Debug)]
pub enum NotConverted {
    /// It cannot be read, or is wrong; the diagnostics say where.
    Wrong(Box<Sources>, Diagnostics),
    /// It has no `plan` at its top level: it is something else.
    NoPlan,
    /// A value is null, and the other format has no word for that.
    Null {
        /// From 1.
        line: usize,
    },
    /// What came out cannot be read where it would stand.
    Unreadable(Box<Sources>, Diagnostics),
    /// Our own spelling would lose something.
    Breaks(Law),
}

/// The text of `source` in the format of where it goes, in canonical layout.
///
/// # Errors
///
/// See [`NotConverted`]; there is then no text that means the same.
pub fn convert(
    source: &Source,
    loader: &mut dyn Loader,
    to: &mut Destination<'_>,
) -> Result<String, NotConverted> {
    let source = &Source {
        text: source.text.replace("\r\n", "\n"),
        ..source.clone()
    };
    let tree = file_tree::grow(FileId(0), source, &mut Diagnostics::new());
    if tree.torn.is_empty() && !super::is_plan(&tree) {
        return Err(NotConverted::NoPlan);
    }
    let before = read(source, loader)
        .map_err(|(sources, found)| NotConverted::Wrong(Box::new(sources), found))?;
    let entries = entries(source, &tree).ok_or(NotConverted::Breaks(Law::Meaning))?;
    let text = match to.format {
        Format::Yaml => to_yaml::write(entries),
        Format::Toml => to_toml::write(entries).map_err(|place| NotConverted::Null {
            line: 1 + source.text[..place.range().start].matches('\n').count(),
        })?,
    };
    let spelled = Source {
        path: to.path.into(),
        format: to.format,
        text,
    };
    let text = format(&spelled).map_err(|why| NotConverted::Breaks(law(&why)))?;
    let converted = Source { text, ..spelled };
    let after = read(&converted, to.loader)
        .map_err(|(sources, found)| NotConverted::Unreadable(Box::new(sources), found))?;
    if before != after {
        return Err(NotConverted::Breaks(Law::Meaning));
    }
    if sorted_comments(source, to.format) != sorted_comments(&converted, to.format) {
        return Err(NotConverted::Breaks(Law::Comments));
    }
    Ok(converted.text)
}

/// What a file says, with all that it includes.
fn read(
    source: &Source,
    loader: &mut dyn Loader,
) -> Result<serde_json::Value, (Sources, Diagnostics)> {
    let mut sources = Sources::new(source.clone());
    let mut found = Diagnostics::new();
    match parse(&mut sources, loader, &mut found) {
        Some(plan) if !found.has_errors() => Ok(meaning(&plan, &sources)),
        Some(_) | None => Err((sources, found)),
    }
}

fn entries(source: &Source, tree: &file_tree::Tree) -> Option<Collection> {
    let root = tree.root.as_ref()?;
    match source.format {
        Format::Yaml => from_yaml::entries(&source.text, root),
        Format::Toml => from_toml::entries(&source.text, root),
    }
}

/// Which law our own text breaks if it cannot even be laid out.
fn law(why: &NotFormatted) -> Law {
    match why {
        NotFormatted::Torn(_) | NotFormatted::NoPlan => Law::Meaning,
        NotFormatted::Breaks(law) => *law,
    }
}

/// All comments as they are in `format`; keys may have changed places.
fn sorted_comments(source: &Source, format: Format) -> Option<Vec<String>> {
    let mut comments: Vec<String> = laws::comments(source)?
        .iter()
        .map(|comment| modeline(comment, format))
        .collect();
    comments.sort();
    Some(comments)
}
