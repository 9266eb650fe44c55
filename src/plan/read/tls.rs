//! `tls` of a plan or a class.

use super::{context::Context, extract::truth, fields::Fields, node::Node, value};
use crate::{
    plan::{ast::Tls, keys},
    source::Spanned,
};

pub(super) fn tls(node: &Node, ctx: &mut Context<'_>) -> Option<Tls> {
    let mut fields = Fields::open(&keys::TLS, node, ctx)?;
    let tls = Tls {
        insecure: fields.field("insecure", ctx, |node, ctx| {
            Some(Spanned::new(truth(node, ctx)?, node.span))
        }),
        ca: fields.field("ca", ctx, value::full_text),
        cert: fields.field("cert", ctx, value::full_text),
        key: fields.field("key", ctx, value::full_text),
    };
    fields.close(ctx);
    Some(tls)
}
