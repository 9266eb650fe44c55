//! The search for the highest level that holds.

use super::{Mapping, load::level_text};
use crate::plan::ast::Find;

pub(super) fn find(find: &Find) -> Mapping {
    let mut out = Mapping::new();
    out.put("max", find.max.word());
    if let Some(conditions) = &find.conditions {
        let conditions = conditions.iter().map(|condition| condition.to_string());
        out.list("while", conditions.map(Into::into));
    }
    out.put("from", level_text(*find.from));
    out.put("to", level_text(*find.to));
    out.time("settle", find.settle.as_ref());
    out.time("hold", find.hold.as_ref());
    out.time("cool_down", find.cool_down.as_ref());
    if let Some(precision) = &find.precision {
        out.put("precision", format!("{}%", **precision));
    }
    out
}
