//! A difference for the comment of a pull request.

use super::{
    Change, Difference,
    line::{Piece, pieces, place, totals},
};

/// Writes a difference as Markdown under a heading: risks first, then all changes.
pub fn markdown(difference: &Difference, heading: &str) -> String {
    let mut out = format!(
        "## {}\n\n{}.\n",
        code(heading),
        sentence(&totals(difference))
    );
    if difference.risks().next().is_some() {
        out += "\n| risk | change | place |\n|---|---|---|\n";
    }
    for (risk, change) in difference.risks() {
        let place = place(change).map_or(String::new(), |place| code(&place));
        let cells = [risk.told().to_owned(), line(change), place];
        let cells = cells.map(|cell| cell.replace('|', "\\|"));
        out += &format!("| {} |\n", cells.join(" | "));
    }
    let mut area = None;
    for change in &difference.changes {
        if area != Some(change.area) {
            out += &format!("\n### {}\n\n", sentence(change.area.word()));
            area = Some(change.area);
        }
        let mark = if change.risks.is_empty() { "" } else { "⚠ " };
        out += &format!("- {mark}{} {}\n", change.kind.word(), line(change));
    }
    out
}

fn line(change: &Change) -> String {
    let text = |piece| match piece {
        Piece::Word(text) => text,
        Piece::Plan(text) => code(&text),
    };
    pieces(change).into_iter().map(text).collect()
}

/// A text of the plan, which may hold any sign that means something here: between
/// more backticks than it has in a row.
fn code(text: &str) -> String {
    let mut longest = 0;
    let mut row = 0;
    for sign in text.chars() {
        row = if sign == '`' { row + 1 } else { 0 };
        longest = longest.max(row);
    }
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 || text.trim().is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn sentence(text: &str) -> String {
    let mut signs = text.chars();
    let first = signs.next().map(|sign| sign.to_uppercase().to_string());
    first.unwrap_or_default() + signs.as_str()
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    #[rustfmt::skip]
    fn code_ends_where_its_text_does() {
        let rows = [
            ("GET /",    "`GET /`"),
            ("a`b",      "`` a`b ``"),
            ("``",       "``` `` ```"),
            ("",         "`  `"),
            ("a|b",      "`a|b`"),
        ];
        for (text, expected) in rows {
            assert_eq!(code(text), expected);
        }
    }
}
