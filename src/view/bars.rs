//! Lines on a terminal, drawn over and over in the same place.
//!
//! indicatif does the drawing: a bar for each line, of which only those are
//! touched that have changed, so a run of 72 hours writes little to a slow
//! connection.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use console::Style;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use crate::base::colour::Colour;

use super::layout::{Line, Part, Tone};

/// What every bar counts to: a power of two, for exact fractions.
const LENGTH: u64 = 1 << 16;

/// The lines that are on the terminal.
#[derive(Debug)]
pub struct Bars {
    multi: MultiProgress,
    colour: Colour,
    abandoned: Arc<AtomicBool>,
    shown: Vec<(Line, ProgressBar)>,
}

impl Bars {
    /// Nothing yet, on a terminal. Once `abandoned` is true nothing is drawn or
    /// cleared any more, since the terminal then shows what somebody else wrote.
    pub fn new(
        terminal: impl TermLike + 'static,
        colour: Colour,
        abandoned: Arc<AtomicBool>,
    ) -> Bars {
        // No limit on the rate here: it would hold back the last of several
        // lines that change together. The caller shows ten frames a second.
        let target = ProgressDrawTarget::term_like(Box::new(terminal));
        Bars {
            multi: MultiProgress::with_draw_target(target),
            colour,
            abandoned,
            shown: Vec::new(),
        }
    }

    /// Replaces what is on the terminal.
    pub fn show(&mut self, lines: Vec<Line>) {
        let fewer = self.shown.len() > lines.len();
        for (_, bar) in self.shown.drain(lines.len().min(self.shown.len())..) {
            self.multi.remove(&bar);
        }
        for (at, line) in lines.into_iter().enumerate() {
            match self.shown.get_mut(at) {
                Some((old, _)) if *old == line => {}
                Some((old, bar)) => {
                    dress(bar, &line, self.colour);
                    draw(bar, &self.abandoned);
                    *old = line;
                }
                None => {
                    let hidden = ProgressDrawTarget::hidden();
                    let bar = ProgressBar::with_draw_target(Some(LENGTH), hidden);
                    dress(&bar, &line, self.colour);
                    let bar = self.multi.add(bar);
                    draw(&bar, &self.abandoned);
                    self.shown.push((line, bar));
                }
            }
        }
        // Removing draws nothing by itself.
        if let (true, Some((_, bar))) = (fewer, self.shown.first()) {
            draw(bar, &self.abandoned);
        }
    }

    /// Writes lines above what is shown: they stay.
    pub fn print(&self, lines: &[String]) {
        for line in lines {
            if !self.abandoned.load(Ordering::Relaxed) {
                // A terminal that cannot be written to shows nothing anyway.
                let _ = self.multi.println(line);
            }
        }
    }

    /// Takes everything from the terminal.
    pub fn clear(&mut self) {
        for (_, bar) in self.shown.drain(..) {
            self.multi.remove(&bar);
        }
        if !self.abandoned.load(Ordering::Relaxed) {
            // A terminal that cannot be written to has nothing to be cleared of.
            let _ = self.multi.clear();
        }
    }
}

/// Draws all lines, of which this one has changed.
fn draw(bar: &ProgressBar, abandoned: &AtomicBool) {
    if !abandoned.load(Ordering::Relaxed) {
        bar.tick();
    }
}

/// Gives a bar what it shows, without drawing it: the builder's methods are
/// the ones that do not draw, and a clone is the same bar.
fn dress(bar: &ProgressBar, line: &Line, colour: Colour) {
    let mut before = String::new();
    let mut after = String::new();
    let mut gauge = None;
    for part in &line.parts {
        match part {
            Part::Text(text, tone) => {
                let side = if gauge.is_none() {
                    &mut before
                } else {
                    &mut after
                };
                side.push_str(&painted(text, style(*tone), colour));
            }
            Part::Gauge { columns, filled } => gauge = Some((*columns, *filled)),
        }
    }
    let template = match gauge {
        Some((columns, _)) => {
            let gauge = painted(&format!("{{bar:{columns}}}"), Style::new().cyan(), colour);
            format!("{{prefix}}{gauge}{{msg}}")
        }
        None => "{prefix}".to_owned(),
    };
    let style = ProgressStyle::with_template(&template)
        .expect("a template of three known keys and a number is valid")
        .progress_chars("━─");
    bar.set_style(style);
    let position = gauge.map_or(0, |(columns, filled)| position(columns, filled));
    let _ = bar
        .clone()
        .with_prefix(before)
        .with_position(position)
        .with_message(after);
}

/// Where a bar of [`LENGTH`] stands when so many of its columns are filled.
fn position(columns: u16, filled: u16) -> u64 {
    if filled >= columns {
        return LENGTH;
    }
    // The middle of the column that comes next: indicatif multiplies in f32 and
    // rounds down, and 7 of 10 must not come out as 6.
    LENGTH * (2 * u64::from(filled) + 1) / (2 * u64::from(columns))
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Plain => Style::new(),
        Tone::Strong => Style::new().bold(),
        Tone::Faint => Style::new().dim(),
        Tone::Bad => Style::new().red(),
    }
}

/// Colour codes around a text. Forced, because what the terminal can do has
/// been decided by whoever chose `colour`.
fn painted(text: &str, style: Style, colour: Colour) -> String {
    match colour {
        Colour::Plain => text.to_owned(),
        Colour::Coloured => style.force_styling(true).apply_to(text).to_string(),
    }
}
