//! A drawing in the language of graphviz.

use super::{Effect, Kind, Sketch, When};
use crate::base::printable::printable;

/// Writes a drawing as DOT: `plan graph … --format dot | dot -Tsvg`.
pub fn dot(sketch: &Sketch) -> String {
    let mut out = String::from(
        "digraph plan {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n  \
         edge [fontname=\"sans-serif\"];\n",
    );
    for id in sketch.ids() {
        let node = sketch.node(id);
        let lines: Vec<_> = node.lines().map(escaped).collect();
        let label = lines.join("\\n");
        let look = look(node.kind);
        out += &format!("  n{} [label=\"{label}\"{look}];\n", id.0);
    }
    for edge in &sketch.edges {
        let look = match edge.when {
            When::InRounds => "",
            When::Once => ", style=dashed",
        };
        let (from, to, label) = (edge.from.0, edge.to.0, escaped(&edge.label));
        out += &format!("  n{from} -> n{to} [label=\"{label}\"{look}];\n");
    }
    out + "}\n"
}

fn look(kind: Kind) -> &'static str {
    match kind {
        Kind::Plan => ", shape=oval, style=bold",
        Kind::Class => ", style=\"rounded,bold\"",
        Kind::Task => ", shape=component",
        Kind::Request(Effect::Reads) => "",
        Kind::Request(Effect::Writes) => ", color=\"#cc0000\", penwidth=2",
        Kind::Decision => ", shape=hexagon",
        Kind::Quiet => ", shape=note",
    }
}

/// A text as it can stand in quotes: a backslash begins an escape, and an
/// ampersand an entity of HTML.
fn escaped(text: &str) -> String {
    let signs = printable(text).into_owned();
    signs
        .replace(['\n', '\t'], " ")
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('&', "&amp;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn what_means_something_is_escaped() {
        let rows = [
            ("GET /a?b=c",      "GET /a?b=c"),
            ("\"]; x -> y",     "\\\"]; x -> y"),
            ("a\\N\\",          "a\\\\N\\\\"),
            ("&lt;",            "&amp;lt;"),
            ("a\nb",            "a b"),
        ];
        for (text, label) in rows {
            assert_eq!(escaped(text), label, "{text}");
        }
    }
}
