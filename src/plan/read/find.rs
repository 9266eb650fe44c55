//! The search for the highest level that holds.

use super::{
    codes,
    collection::full_list,
    context::Context,
    fields::Fields,
    load::level,
    node::{Node, shortened},
    value,
};
use crate::{
    base::sought::Sought,
    plan::{ast::Find, keys},
    source::{Diagnostic, Spanned},
};

pub(super) fn find(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Find>> {
    let mut fields = Fields::open(&keys::FIND, node, ctx)?;
    let max = fields.field("max", ctx, sought);
    let conditions = fields.field("while", ctx, |node, ctx| {
        full_list(node, ctx, "a list of thresholds", value::threshold)
    });
    let from = fields.field("from", ctx, level);
    let to = fields.field("to", ctx, level);
    let settle = fields.field("settle", ctx, value::duration);
    let hold = fields.field("hold", ctx, value::some_time);
    let cool_down = fields.field("cool_down", ctx, value::duration);
    let precision = fields.field("precision", ctx, precision);
    fields.close(ctx);
    let find = Find {
        max: max?,
        conditions,
        from: from?,
        to: to?,
        settle,
        hold,
        cool_down,
        precision,
    };
    Some(Spanned::new(find, node.span))
}

fn sought(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Sought>> {
    let word = value::choice(node, ctx, Sought::WORDS)?;
    let sought = Sought::of(word).expect("it is one of these words");
    Some(Spanned::new(sought, node.span))
}

/// `5%`.
fn precision(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<f64>> {
    /// Runs are not more exact than that, and a level half as high is no answer.
    const PERCENT: std::ops::RangeInclusive<f64> = 1.0..=50.0;
    let text = value::scalar(node, ctx, "a share such as `5%`")?;
    let number = text
        .strip_suffix('%')
        .and_then(|number| number.parse().ok());
    if let Some(percent) = number.filter(|percent| PERCENT.contains(percent)) {
        return Some(Spanned::new(percent, text.span));
    }
    let path = ctx.path();
    let message = format!("`{path}`: `{}` is no precision", shortened(&text));
    let diagnostic =
        Diagnostic::error(codes::BAD_VALUE, message).at(text.span, "must be from 1% to 50%");
    let bare = text
        .parse()
        .ok()
        .filter(|percent| PERCENT.contains(percent));
    ctx.tell(match bare {
        Some(percent) => {
            diagnostic.write(text.span, ctx.quoted_at(text.span, &format!("{percent}%")))
        }
        None => diagnostic.help("valid are `5%`, `2.5%`"),
    });
    None
}
