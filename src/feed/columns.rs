//! The columns of a table, as they turn up.

use std::{collections::HashMap, fmt, sync::Arc};

use crate::base::value::Value;

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: Arc<str>,
    /// The first row that lacks it, if one does.
    pub lacking: Option<RowPlace>,
}

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowPlace {
    /// Line of the file, from 1.
    Line(u64),
    /// How many rows there are up to it: they may share lines.
    Row(u64),
}

impl fmt::Display for RowPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RowPlace::Line(line) => write!(f, "line {line}"),
            RowPlace::Row(row) => write!(f, "row {row}"),
        }
    }
}

/// Columns in the order in which they are first seen.
#[derive(Debug, Default)]
pub(super) struct Columns {
    known: Vec<Column>,
    by_name: HashMap<Arc<str>, usize>,
    first_row: Option<RowPlace>,
}

impl Columns {
    /// Lays the values of a row out by columns; new columns are added.
    pub(super) fn lay_out(
        &mut self,
        row: Vec<(Arc<str>, Value)>,
        place: RowPlace,
    ) -> Vec<Option<Value>> {
        let first = *self.first_row.get_or_insert(place);
        let mut cells = vec![None; self.known.len()];
        for (name, value) in row {
            let at = match self.by_name.get(&name) {
                Some(at) => *at,
                None => {
                    self.by_name.insert(name.clone(), self.known.len());
                    self.known.push(Column {
                        name,
                        lacking: (first != place).then_some(first),
                    });
                    cells.push(None);
                    self.known.len() - 1
                }
            };
            cells[at] = Some(value);
        }
        for (column, cell) in self.known.iter_mut().zip(&cells) {
            if cell.is_none() {
                column.lacking.get_or_insert(place);
            }
        }
        cells
    }

    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    pub(super) fn into_known(self) -> Box<[Column]> {
        self.known.into()
    }
}
