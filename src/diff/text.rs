//! A difference as text, for a terminal.

use anstyle::{AnsiColor, Style};

use super::{
    Change, Difference, Kind,
    line::{Piece, pieces, place, totals},
};
use crate::source::Colour;

/// Writes a difference as text, by area; a line that says so if there is none.
pub fn text(difference: &Difference, colour: Colour) -> String {
    let styles = Styles::of(colour);
    let mut out = String::new();
    let mut area = None;
    for change in &difference.changes {
        if area != Some(change.area) {
            let gap = if out.is_empty() { "" } else { "\n" };
            let bold = styles.bold;
            out += &format!("{gap}{bold}{}{bold:#}\n", change.area.word());
            area = Some(change.area);
        }
        self::change(change, &styles, &mut out);
    }
    let gap = if out.is_empty() { "" } else { "\n" };
    out + &format!("{gap}{}\n", totals(difference))
}

fn change(change: &Change, styles: &Styles, out: &mut String) {
    let style = match change.kind {
        Kind::Added => styles.added,
        Kind::Removed => styles.removed,
        Kind::Changed | Kind::Moved | Kind::Renamed => styles.changed,
    };
    *out += &format!("  {style}{}{style:#} ", change.kind.sign());
    for piece in pieces(change) {
        match piece {
            Piece::Word(text) | Piece::Plan(text) => *out += &text,
        }
    }
    out.push('\n');
    for risk in &change.risks {
        let risky = styles.risky;
        *out += &format!("    {risky}! {}{risky:#}\n", risk.told());
    }
    if let Some(place) = place(change) {
        let quiet = styles.quiet;
        *out += &format!("      {quiet}{place}{quiet:#}\n");
    }
}

/// How things look.
struct Styles {
    bold: Style,
    added: Style,
    removed: Style,
    changed: Style,
    risky: Style,
    quiet: Style,
}

impl Styles {
    fn of(colour: Colour) -> Styles {
        let plain = Style::new();
        let of = |sign: AnsiColor| Style::new().fg_color(Some(sign.into()));
        match colour {
            Colour::Plain => Styles {
                bold: plain,
                added: plain,
                removed: plain,
                changed: plain,
                risky: plain,
                quiet: plain,
            },
            Colour::Coloured => Styles {
                bold: plain.bold(),
                added: of(AnsiColor::Green),
                removed: of(AnsiColor::Red),
                changed: of(AnsiColor::Yellow),
                risky: of(AnsiColor::Red).bold(),
                quiet: plain.dimmed(),
            },
        }
    }
}
