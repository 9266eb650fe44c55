//! Whole numbers, and what was probably meant as one.

use super::{
    codes,
    context::Context,
    node::{Node, NodeKind, ScalarKind},
};
use crate::{
    plan::keys,
    source::{Certainty, Diagnostic, Spanned},
};

/// A whole number of at least `least`.
pub(super) fn whole(node: &Node, ctx: &mut Context<'_>, least: u32) -> Option<Spanned<u32>> {
    let number = match &node.kind {
        NodeKind::Scalar(scalar) => match scalar.kind {
            ScalarKind::Int(number) => number,
            ScalarKind::Empty
            | ScalarKind::Null
            | ScalarKind::Bool(_)
            | ScalarKind::Float(_)
            | ScalarKind::Text => {
                match whole_meant(&scalar.text) {
                    Some(meant) => {
                        let write = |meant: &str| format!("write {meant}");
                        let meant = meant.to_string();
                        ctx.wrong_type_fix(
                            node,
                            "a whole number",
                            &meant,
                            Certainty::Certain,
                            write,
                        );
                    }
                    None if is_long(&scalar.text) => {
                        let bound = format!("at most {}", u32::MAX);
                        let path = ctx.path();
                        ctx.tell(
                            Diagnostic::error(
                                codes::BAD_VALUE,
                                format!("`{path}` should be {bound}"),
                            )
                            .at(node.span, bound),
                        );
                    }
                    None => ctx.wrong_type(node, "a whole number"),
                }
                return None;
            }
        },
        NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Broken => {
            ctx.wrong_type(node, "a whole number");
            return None;
        }
    };
    match u32::try_from(number) {
        Ok(number) if number >= least => Some(Spanned::new(number, node.span)),
        Ok(_) | Err(_) => {
            let path = ctx.path();
            let bound = if number < i64::from(least) {
                format!("at least {least}")
            } else {
                format!("at most {}", u32::MAX)
            };
            ctx.tell(
                Diagnostic::error(
                    codes::BAD_VALUE,
                    format!("`{path}` should be {bound}, not {number}"),
                )
                .at(node.span, bound),
            );
            None
        }
    }
}

/// Whether it is a whole number with more digits than any that is wanted.
fn is_long(text: &str) -> bool {
    text.len() > 9 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The whole number that `1_000`, `1e3` or a quoted `'10'` stands for.
fn whole_meant(text: &str) -> Option<u32> {
    let digits = text.replace(['_', ','], "");
    if digits.starts_with(|sign: char| sign.is_ascii_digit())
        && let Ok(number) = digits.parse()
    {
        return Some(number);
    }
    // `as` is exact below 2^32 for a float that has no fraction.
    let number: f64 = text.parse().ok()?;
    let is_whole = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
    is_whole.then_some(number as u32)
}

/// `plan: 1`.
pub(super) fn version(node: &Node, ctx: &mut Context<'_>) -> Option<()> {
    let version = keys::FORMAT_VERSION;
    match &node.kind {
        NodeKind::Scalar(scalar) if scalar.kind == ScalarKind::Int(version) => Some(()),
        NodeKind::Scalar(scalar) if matches!(scalar.kind, ScalarKind::Int(_)) => {
            ctx.tell(
                Diagnostic::error(
                    codes::BAD_VALUE,
                    format!(
                        "`plan: {}` is a format that this program does not know",
                        scalar.text
                    ),
                )
                .at(node.span, format!("it reads format {version}"))
                .fix(
                    node.span,
                    version.to_string(),
                    format!(
                        "write `{}`, or use a newer program",
                        ctx.spelled("plan", "1")
                    ),
                ),
            );
            None
        }
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Broken => {
            ctx.wrong_type(
                node,
                &format!("the number {version}, the version of the format"),
            );
            None
        }
    }
}
