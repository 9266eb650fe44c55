//! Steps that hold steps, in their one spelling.

use super::{Mapping, step};
use crate::plan::ast::Branch;

pub(super) fn branch(branch: &Branch) -> Mapping {
    let mut out = Mapping::with("if", branch.condition.as_str());
    out.list("then", branch.then.iter().map(step));
    out.list("else", branch.otherwise.iter().map(step));
    out
}
