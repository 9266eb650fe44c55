//! Where something stands in a printed plan.

/// One step of the way into a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Name(String),
    /// In a list of steps, from 0.
    At(usize),
}

/// The way into a document.
pub(super) type Path = Vec<Key>;

/// A key, as part of a path.
pub(super) fn name(name: &str) -> Key {
    Key::Name(name.to_owned())
}

/// The path, one key longer.
pub(super) fn below(path: &[Key], key: Key) -> Path {
    let mut path = path.to_vec();
    path.push(key);
    path
}

/// Stands for a place in a list of steps, and for no name.
pub(super) const STEP: &str = "\0step";

/// The names on a path, with [`STEP`] for places in lists: what rules match on.
pub(super) fn names(path: &[Key]) -> Vec<&str> {
    path.iter()
        .map(|key| match key {
            Key::Name(name) => name.as_str(),
            Key::At(_) => STEP,
        })
        .collect()
}

/// What follows the innermost step on a path, if there is one.
pub(super) fn in_step<'a, 'n>(names: &'a [&'n str]) -> Option<&'a [&'n str]> {
    let step = names.iter().rposition(|name| *name == STEP)?;
    Some(&names[step + 1..])
}
