//! Lines, and the columns of the comments behind them.
//!
//! A comment behind a line stays in the column that its author gave it, at least
//! two spaces behind the line. Comments of lines one below the other that stood in
//! one column keep one; if they stood as near as they could, they still do.

/// A line in the making.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) comment: Option<Behind>,
}

/// A comment behind a line, and the column in which it stood.
#[derive(Clone, Debug)]
pub(super) struct Behind {
    pub(super) text: String,
    pub(super) column: usize,
    /// The spaces before it.
    pub(super) gap: usize,
}

/// The fewest spaces before a comment.
const GAP: usize = 2;

/// All lines as one text, each with its end.
pub(super) fn join(lines: &[Line]) -> String {
    let mut text = String::new();
    let mut at = 0;
    while at < lines.len() {
        let run = &lines[at..at + run_length(&lines[at..])];
        at += run.len();
        let column = column(run);
        for line in run {
            text.push_str(&line.text);
            if let Some(comment) = &line.comment {
                let spaces = column.saturating_sub(width(&line.text)).max(GAP);
                text.extend(std::iter::repeat_n(' ', spaces));
                text.push_str(&comment.text);
            }
            text.push('\n');
        }
    }
    text
}

/// The number of letters of a line; of a text over several lines, of the last.
pub(super) fn width(text: &str) -> usize {
    text.rsplit('\n').next().unwrap_or("").chars().count()
}

/// How many lines at the beginning have a comment in one column; at least one.
fn run_length(lines: &[Line]) -> usize {
    let column = |line: &Line| line.comment.as_ref().map(|comment| comment.column);
    match column(&lines[0]) {
        None => 1,
        first => lines
            .iter()
            .take_while(|line| column(line) == first)
            .count(),
    }
}

fn column(run: &[Line]) -> usize {
    let needed = run.iter().map(|line| width(&line.text) + GAP).max();
    let needed = needed.unwrap_or(0);
    let comments = run.iter().filter_map(|line| line.comment.as_ref());
    let nearest = comments.clone().map(|comment| comment.gap).min();
    if nearest.is_some_and(|gap| gap <= GAP) {
        return needed;
    }
    let written = comments.map(|comment| comment.column).max().unwrap_or(0);
    needed.max(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, column: usize, gap: usize) -> Line {
        let comment = Some(Behind {
            text: "# x".to_owned(),
            column,
            gap,
        });
        Line {
            text: text.to_owned(),
            comment,
        }
    }

    #[test]
    fn comments_keep_their_column() {
        let rows = [
            (vec![line("a: 1", 5, 1)], "a: 1  # x\n"),
            (vec![line("a: 1", 8, 4)], "a: 1    # x\n"),
            (vec![line("abcdefgh: 1", 8, 4)], "abcdefgh: 1  # x\n"),
            (
                vec![line("a: 1", 8, 4), line("abcdefgh: 1", 8, 3)],
                "a: 1         # x\nabcdefgh: 1  # x\n",
            ),
            (
                vec![line("a: 1", 8, 4), line("ab: 1", 8, 2)],
                "a: 1   # x\nab: 1  # x\n",
            ),
            (
                vec![line("a: 1", 8, 4), line("ab: 1", 9, 4)],
                "a: 1    # x\nab: 1    # x\n",
            ),
        ];
        for (lines, expected) in rows {
            assert_eq!(join(&lines), expected);
        }
    }
}
