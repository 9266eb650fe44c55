//! Whether text carries colour.

/// Whether text for a terminal carries colour.
///
/// Decided once, by whoever looks at the terminal and at `NO_COLOR`; everything
/// that writes is told, and asks nobody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    Plain,
    Coloured,
}
