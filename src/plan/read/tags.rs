//! `tags`: words that the command line knows tasks and classes by.

use super::{codes, collection::full_list, context::Context, node::Node, value};
use crate::{
    plan::{ast::Text, keys},
    source::Diagnostic,
};

/// A list of words, each of them once.
pub(super) fn tags(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Text>> {
    let mut known: Vec<Text> = Vec::new();
    full_list(node, ctx, "a list of words", |item, ctx| {
        let tag = value::full_text(item, ctx)?;
        if !keys::is_tag(&tag) {
            ctx.tell(
                Diagnostic::error(codes::BAD_VALUE, format!("`{}` cannot be a tag", tag.value))
                    .at(tag.span, "only letters, digits, `_`, `-` and `.`"),
            );
            return None;
        }
        if let Some(first) = known.iter().find(|first| first.value == tag.value) {
            ctx.tell(
                Diagnostic::error(
                    codes::DUPLICATE,
                    format!("the tag `{}` is there twice", tag.value),
                )
                .at(tag.span, "again here")
                .at(first.span, "first here"),
            );
            return None;
        }
        known.push(tag.clone());
        Some(tag)
    })
}
