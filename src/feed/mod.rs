//! Rows of data and their order.
//!
//! Which row a user draws is a function of the user's number and of how many it
//! has drawn before, so threads and machines do not enter into it.
//!
//! # What holds here
//!
//! - A feed has at least one column and one row, and every row has every column.
//! - It is read as a whole before the run and never changes.

use std::{error, fmt, sync::Arc};

mod csv;

/// A table of text, read once and shared by all users.
///
/// Invariant: neither columns nor rows are empty, and all rows are as long as
/// the list of columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    columns: Vec<Arc<str>>,
    rows: Vec<Box<[Arc<str>]>>,
}

/// The most rows that a feed holds.
///
/// All of them stay in memory for the whole run; a million accounts are some
/// hundred megabytes, and more than any plan has users.
pub const MAX_ROWS: usize = 1_000_000;

impl Feed {
    /// Reads CSV (RFC 4180) whose first line names the columns. White space
    /// around the names goes away, that around values stays.
    ///
    /// # Errors
    ///
    /// [`FeedError`] with the line of the first thing that is wrong.
    pub fn from_csv(text: &str) -> Result<Feed, FeedError> {
        csv::read(text)
    }

    /// The names of the columns, in the order of the file.
    pub fn columns(&self) -> &[Arc<str>] {
        &self.columns
    }

    /// How many rows there are; never 0.
    // So there is nothing that `is_empty` could tell.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The row of a user's `draw`-th draw (from 0), where `seat` is the place of
    /// the user among the `users` that are there at the same time (from 0).
    ///
    /// Rows are dealt in order: the first draw of all users takes the first
    /// `users` rows, the second draw the next, and after the last row the first
    /// follows again.
    pub fn row(&self, seat: u32, users: u32, draw: u64) -> usize {
        // 128 bits hold the product of any 64 and 32 bits, and a seat beside it.
        let dealt = u128::from(draw) * u128::from(users) + u128::from(seat);
        usize::try_from(dealt % self.rows.len() as u128).expect("smaller than a length")
    }

    /// The text in a column of a row.
    ///
    /// # Panics
    ///
    /// If there is no such row or column.
    pub fn text(&self, row: usize, column: u32) -> &Arc<str> {
        &self.rows[row][column as usize]
    }
}

/// Why a text is not a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedError {
    /// Line of the data file, from 1.
    pub line: u64,
    pub message: String,
}

impl fmt::Display for FeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl error::Error for FeedError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn rows_are_dealt_in_order_and_again_from_the_first() {
        let feed = Feed::from_csv("n\n0\n1\n2\n3\n4\n").unwrap();
        //  seat  users  draw      row
        let rows = [
            (0,   2,     0,        0),
            (1,   2,     0,        1),
            (0,   2,     1,        2),
            (1,   2,     1,        3),
            (0,   2,     2,        4),
            (1,   2,     2,        0),
            (6,   7,     0,        1),
            (3,   1,     0,        3),
            (u32::MAX, u32::MAX, u64::MAX, 0),
        ];
        for (seat, users, draw, row) in rows {
            assert_eq!(feed.row(seat, users, draw), row, "{seat} of {users}, draw {draw}");
        }
        assert_eq!(&**feed.text(4, 0), "4");
    }
}
