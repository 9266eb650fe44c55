//! Steps that hold steps, in their one spelling.

use super::{Mapping, step};
use crate::{plan::ast::Branch, source::Sources};

pub(super) fn branch(branch: &Branch, sources: &Sources) -> Mapping {
    let mut out = Mapping::with("if", branch.condition.as_str());
    out.list("then", branch.then.iter().map(|each| step(each, sources)));
    out.list(
        "else",
        branch.otherwise.iter().map(|each| step(each, sources)),
    );
    out
}
