//! Rows of data and their order.
//!
//! Which row a user draws is a function of the user's number and of how many it
//! has drawn before, so threads and machines do not enter into it.

use std::sync::Arc;

/// A table of text, read once and shared by all users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    columns: Vec<Arc<str>>,
    rows: Vec<Box<[Arc<str>]>>,
}

impl Feed {
    /// Reads CSV (RFC 4180) whose first line names the columns.
    ///
    /// # Errors
    ///
    /// [`FeedError`] with the line of the first thing that is wrong.
    pub fn from_csv(text: &str) -> Result<Feed, FeedError> {
        todo!("{text}")
    }

    pub fn columns(&self) -> &[Arc<str>] {
        &self.columns
    }

    /// How many rows there are; never 0.
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
        let _ = (seat, users, draw);
        todo!()
    }

    /// The text in a column of a row.
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
