//! Numbers over time, drawn with letters.

use std::time::Duration;

use super::text::line;
use crate::base::figures;

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart<'a> {
    pub title: &'a str,
    /// One value for each column, at equal distances from the start to the end.
    pub values: &'a [f64],
    /// When the last column ends.
    pub until: Duration,
}

/// Lines of a chart.
const HEIGHT: usize = 6;

/// An eighth of a line each.
const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

impl Chart<'_> {
    /// Draws it: the highest value fills all lines, and whatever is above 0 is seen.
    pub fn draw(&self) -> String {
        let top = self.values.iter().copied().fold(0.0, f64::max);
        let label = figures::number(top, figures::DIGITS);
        let width = label.chars().count().max(1);
        let mut out = String::new();
        line(&mut out, &format!("  {}", self.title));
        for row in (0..HEIGHT).rev() {
            let label = if row + 1 == HEIGHT {
                label.as_str()
            } else {
                ""
            };
            let cells: String = self
                .values
                .iter()
                .map(|value| block(*value, top, row))
                .collect();
            line(&mut out, format!("  {label:>width$} │{cells}").trim_end());
        }
        let bottom = "─".repeat(self.values.len());
        line(&mut out, &format!("  {:>width$} └{bottom}", "0"));
        let end = figures::time(self.until);
        let room = self.values.len().saturating_sub(2).max(end.len());
        line(&mut out, &format!("  {:width$}  0s{end:>room$}", ""));
        out
    }
}

/// The part of a column that is in one line.
fn block(value: f64, top: f64, row: usize) -> char {
    if value <= 0.0 || top <= 0.0 {
        return ' ';
    }
    let eighths = (value / top * (HEIGHT * 8) as f64).round().max(1.0) as usize;
    BLOCKS[eighths.saturating_sub(row * 8).min(8)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_has_its_highest_value_at_its_top() {
        let values = [0.0, 1.0, 5.0, 10.0, 10.0, 5.0];
        let chart = Chart {
            title: "users",
            values: &values,
            until: Duration::from_secs(60),
        };
        assert_eq!(
            chart.draw(),
            "  users\n  10 │   ██\n     │   ██\n     │   ██\n     │  ████\n     │  ████\n     │ ▅████\n   0 └──────\n      0s  1m\n"
        );
    }
}
