//! Steps that hold steps, in their one spelling.

use super::{Mapping, steps};
use crate::{plan::ast::Branch, source::Sources};

pub(super) fn branch(branch: &Branch, sources: &Sources) -> Mapping {
    let mut out = Mapping::with("if", branch.condition.as_str());
    out.list("then", steps(&branch.then, sources));
    out.list("else", steps(&branch.otherwise, sources));
    out
}
