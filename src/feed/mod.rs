//! Rows of data and their order.
//!
//! ```text
//! DataFile ──read──▶ Table ──┐
//! rows of a plan ──────────▶ ├─▶ Feed ──draw──▶ Cells
//!                    Dealing ┘
//! ```
//!
//! Which row a user draws is a function of who it is and of how many it has drawn
//! before, so threads and machines do not enter into it, and there is nothing that
//! they could share, lock or wait for.
//!
//! # What holds here
//!
//! - A table has at least one column and one row. It is looked at as a whole before
//!   the run, and does not change.
//! - Small files are kept in memory. Of a large one, only where about each 16 KiB of it
//!   begin: a thousandth of its size. A row of it is read when it is drawn, by one read
//!   of that part on the thread that draws: microseconds while the system has the part
//!   in memory, a seek of the disk else.
//! - Text is text: `007` of a CSV file stays that. JSON and rows in a plan have types.

use std::{fmt, sync::Arc};

use crate::base::{
    dealing::Dealing,
    ids::UserNumber,
    random::{key, key_of},
    value::Value,
};

mod columns;
mod csv;
mod deal;
mod disk;
mod error;
mod json;
mod lines;
mod passage;
mod table;

#[cfg(test)]
mod tests;

pub use columns::{Column, RowPlace};
pub use error::FeedError;
pub use table::{Table, Written};

/// The values of a row, in the order of the table's columns; none where the row has
/// no such column.
pub type Cells = Arc<[Option<Value>]>;

/// A table, and how its rows come to users.
#[derive(Debug)]
pub struct Feed {
    table: Table,
    dealing: Dealing,
    /// Stands for its name: two feeds of one file have orders of their own.
    key: u64,
}

/// Who draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawer {
    pub user: UserNumber,
    /// Its place among those who draw from the feed, from 0.
    pub rank: u32,
    /// How many of them there are.
    pub of: u32,
}

/// Why there is no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoRow {
    /// The user has drawn all that are there for it.
    AtEnd,
    /// The file cannot be read any more, or is another one.
    Unreadable(Arc<str>),
}

impl Feed {
    /// A feed; `name` is how templates call it.
    pub fn new(name: &str, table: Table, dealing: Dealing) -> Feed {
        Feed {
            table,
            dealing,
            key: key_of(name),
        }
    }

    /// The columns of the table.
    pub fn columns(&self) -> &[Column] {
        self.table.columns()
    }

    /// How many rows there are; never 0.
    pub fn rows(&self) -> u64 {
        self.table.rows()
    }

    /// How its rows come to users.
    pub fn dealing(&self) -> Dealing {
        self.dealing
    }

    /// The row of a user's `draw`-th draw, from 0.
    ///
    /// # Errors
    ///
    /// [`NoRow`] if there is none, or if it cannot be read.
    pub fn draw(&self, seed: u64, who: Drawer, draw: u64) -> Result<Cells, NoRow> {
        let row = self.row(seed, who, draw).ok_or(NoRow::AtEnd)?;
        self.table.cells(row).map_err(NoRow::Unreadable)
    }

    /// Whether there is no row for a user's `draw`-th draw.
    pub fn is_over(&self, who: Drawer, draw: u64) -> bool {
        self.dealing.ends() && deal::dealt(self.dealing, who, draw) >= u128::from(self.rows())
    }

    /// Which row that is, from 0.
    pub fn row(&self, seed: u64, who: Drawer, draw: u64) -> Option<u64> {
        let key = key(&[seed, self.key]);
        deal::row(self.dealing, self.rows(), key, who, draw)
    }
}

impl fmt::Display for NoRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoRow::AtEnd => f.write_str("no row is left for this user"),
            NoRow::Unreadable(why) => write!(f, "the row cannot be read: {why}"),
        }
    }
}

impl std::error::Error for NoRow {}
