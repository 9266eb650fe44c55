//! `auth` of a request, and of all of them.

use super::{
    codes,
    context::Context,
    fields::Fields,
    node::{Node, NodeKind},
    value,
};
use crate::{
    plan::{
        ast::{Auth, Text},
        keys::{self, NO_AUTH},
    },
    source::{Diagnostic, Spanned},
};

/// `none`, or one way to say who asks.
pub(super) fn auth(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Auth>> {
    if let NodeKind::Scalar(scalar) = &node.kind
        && scalar.text == NO_AUTH
    {
        return Some(Spanned::new(Auth::None, node.span));
    }
    let mut fields = Fields::open(&keys::AUTH, node, ctx)?;
    let basic = fields.field("basic", ctx, basic);
    let bearer = fields.field("bearer", ctx, value::full_text);
    fields.close(ctx);
    let auth = basic.or(bearer.map(Auth::Bearer))?;
    Some(Spanned::new(auth, node.span))
}

fn basic(node: &Node, ctx: &mut Context<'_>) -> Option<Auth> {
    let mut fields = Fields::open(&keys::BASIC, node, ctx)?;
    let user = fields.field("user", ctx, value::field);
    let password = fields.field("password", ctx, value::field);
    fields.close(ctx);
    Some(Auth::Basic {
        user: user?,
        password: password?,
    })
}

/// Tells of a header that says the same once more.
pub(super) fn beside_headers(
    auth: Option<&Spanned<Auth>>,
    headers: &[(Text, Text)],
    ctx: &mut Context<'_>,
) {
    let mut headers = headers.iter().map(|(name, _)| name);
    let header = headers.find(|name| name.eq_ignore_ascii_case("authorization"));
    if let (Some(auth), Some(header)) = (auth, header) {
        ctx.tell(
            Diagnostic::error(
                codes::CONFLICT,
                "`auth` and the header `Authorization` exclude each other",
            )
            .at(header.span, "`auth` makes this header")
            .at(auth.span, "here"),
        );
    }
}
