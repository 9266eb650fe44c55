//! A drawing as Mermaid, which pull requests show as a picture.

use std::fmt::Write as _;

use super::{Effect, Kind, NodeId, Sketch, When};
use crate::base::printable::printable;

/// How nodes look whose kind has a look; the words say the same.
const LOOKS: [&str; 2] = [
    "classDef who font-weight:bold",
    "classDef writes stroke:#c00,stroke-width:2px",
];

/// Writes a drawing as a Mermaid flowchart.
pub fn mermaid(sketch: &Sketch) -> String {
    let mut out = String::from("flowchart LR\n");
    for id in sketch.ids() {
        let node = sketch.node(id);
        let lines: Vec<_> = node.lines().map(escaped).collect();
        let label = lines.join("<br>");
        let (open, close) = shape(node.kind);
        let class = class(node.kind);
        out += &format!("  {}{open}\"{label}\"{close}{class}\n", name(id));
    }
    for edge in &sketch.edges {
        let line = match edge.when {
            When::InRounds => "-->",
            When::Once => "-.->",
        };
        let (from, to, label) = (name(edge.from), name(edge.to), escaped(&edge.label));
        out += &format!("  {from} {line}|\"{label}\"| {to}\n");
    }
    for look in LOOKS {
        out += &format!("  {look}\n");
    }
    out
}

/// Never a word of the format, such as `end`.
fn name(id: NodeId) -> String {
    format!("n{}", id.0)
}

fn shape(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Plan => ("([", "])"),
        Kind::Class => ("(", ")"),
        Kind::Task => ("[[", "]]"),
        Kind::Request(_) => ("[", "]"),
        Kind::Decision => ("{{", "}}"),
        Kind::Quiet => (">", "]"),
    }
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Plan | Kind::Class => ":::who",
        Kind::Request(Effect::Writes) => ":::writes",
        Kind::Task | Kind::Request(Effect::Reads) | Kind::Decision | Kind::Quiet => "",
    }
}

/// A text as it can stand in quotes: what means something to Mermaid, to the HTML
/// that it makes or to its Markdown is named by its number.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut signs = printable(text).into_owned();
    // A label is one line.
    signs = signs.replace(['\n', '\t'], " ");
    let mut before = ' ';
    for sign in signs.chars() {
        // Two of them begin a comment, and one before a brace a directive; after a
        // number it is a share, which stays readable.
        let percent = sign == '%' && !before.is_ascii_digit();
        match sign {
            '"' | '#' | '&' | '<' | '>' | '`' | '\\' | '*' | ':' | ';' => {
                write!(out, "#{};", u32::from(sign)).expect("writing to a String cannot fail");
            }
            '%' if percent => out += "#37;",
            _ => out.push(sign),
        }
        before = sign;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn what_means_something_is_named_by_its_number() {
        let rows = [
            ("GET /a?b=c",           "GET /a?b=c"),
            ("\"] --> x",            "#34;] --#62; x"),
            ("#quot;",               "#35;quot#59;"),
            ("<img src=x>",          "#60;img src=x#62;"),
            ("a\nb",                 "a b"),
            ("%%{init}%%",           "#37;#37;{init}#37;#37;"),
            ("44.4%, 1 user",        "44.4%, 1 user"),
            ("4%%{init}",            "4%#37;{init}"),
            ("4%{init}",             "4%{init}"),
            ("`a` a_b *c*",          "#96;a#96; a_b #42;c#42;"),
            ("\\n",                  "#92;n"),
            ("style:x#y;",           "style#58;x#35;y#59;"),
            ("\u{1b}[1m\u{202e}",    "␛[1m\u{fffd}"),
        ];
        for (text, label) in rows {
            assert_eq!(escaped(text), label, "{text}");
        }
    }
}
