//! Diagnostics as text for people.

use super::{Diagnostics, Sources};

pub use crate::base::colour::Colour;

/// Draws all diagnostics, sorted by place, with the lines they are about.
pub fn render_text(_sources: &Sources, _found: &Diagnostics, _colour: Colour) -> String {
    todo!()
}
