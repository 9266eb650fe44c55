//! Diagnostics as text for people.

use super::{Diagnostics, Sources};

/// Whether text for a terminal carries colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    Plain,
    Coloured,
}

/// Draws all diagnostics, sorted by place, with the lines they are about.
pub fn render_text(_sources: &Sources, _found: &Diagnostics, _colour: Colour) -> String {
    todo!()
}
