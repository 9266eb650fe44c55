//! What `defaults` say of connections.

use std::net::IpAddr;

use super::{
    codes,
    collection::entries,
    context::Context,
    extract::truth,
    fields::Fields,
    node::{Node, NodeKind},
    value,
};
use crate::{
    base::{
        connecting::{Proxy, Version},
        place::Place,
    },
    plan::{ast::Connecting, keys},
    source::{Diagnostic, Spanned},
};

pub(super) fn connecting(fields: &mut Fields<'_>, ctx: &mut Context<'_>) -> Connecting {
    Connecting {
        http: fields.field("http", ctx, version),
        keep_alive: fields.field("keep_alive", ctx, |node, ctx| {
            Some(Spanned::new(truth(node, ctx)?, node.span))
        }),
        proxy: fields.field("proxy", ctx, proxy),
        local_addresses: fields.field("local_addresses", ctx, addresses),
        resolve: fields.field("resolve", ctx, resolve).unwrap_or_default(),
        dns_ttl: fields.field("dns_ttl", ctx, value::duration),
    }
}

fn version(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Version>> {
    let text = value::scalar(node, ctx, "a version of HTTP, 1.1 or 2")?;
    let version = match text.value.as_str() {
        "1.1" => Version::Http1,
        "2" | "2.0" => Version::Http2,
        other => {
            let help = match other {
                "3" | "1.0" | "1" => "HTTP/1.1 and HTTP/2 are spoken here, and no other",
                _ => "leave it out to speak what the server chooses",
            };
            let message = format!("`{}` should be 1.1 or 2, not `{other}`", ctx.path());
            ctx.tell(
                Diagnostic::error(codes::BAD_VALUE, message)
                    .at(text.span, "no such version")
                    .help(help),
            );
            return None;
        }
    };
    Some(Spanned::new(version, text.span))
}

fn proxy(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Option<Proxy>>> {
    let text = value::scalar(node, ctx, "a proxy such as http://proxy.example:3128")?;
    if text.value == keys::NO_PROXY {
        return Some(Spanned::new(None, text.span));
    }
    match Proxy::parse(&text.value) {
        Ok(proxy) => Some(Spanned::new(Some(proxy), text.span)),
        Err(why) => {
            // It may hold a password, and is not repeated.
            let message = format!("`{}` is not a proxy", ctx.path());
            ctx.tell(
                Diagnostic::error(codes::BAD_VALUE, message)
                    .at(text.span, why.to_string())
                    .help("valid are http://proxy.example:3128 and `none`"),
            );
            None
        }
    }
}

/// A list with at least one address, each once.
fn addresses(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Spanned<IpAddr>>> {
    const EXPECTED: &str = "a list of addresses of this machine, such as [10.0.0.5, 10.0.0.6]";
    let NodeKind::List(items) = &node.kind else {
        ctx.wrong_type(node, EXPECTED);
        return None;
    };
    if items.is_empty() {
        ctx.wrong_type(node, EXPECTED);
        return None;
    }
    let mut read: Vec<Spanned<IpAddr>> = Vec::new();
    for item in items {
        let Some(text) = value::scalar(item, ctx, "an address such as 10.0.0.5") else {
            continue;
        };
        let Ok(address) = text.value.parse::<IpAddr>() else {
            let message = format!("`{}`: `{}` is not an IP address", ctx.path(), text.value);
            ctx.tell(
                Diagnostic::error(codes::BAD_VALUE, message)
                    .at(
                        text.span,
                        "of one interface of this machine, without a port",
                    )
                    .help("valid are 10.0.0.5 and '::1'"),
            );
            continue;
        };
        if let Some(first) = read.iter().find(|known| known.value == address) {
            ctx.tell(
                Diagnostic::error(
                    codes::DUPLICATE,
                    format!("the address `{address}` is there twice"),
                )
                .at(text.span, "again here")
                .at(first.span, "first here"),
            );
            continue;
        }
        read.push(Spanned::new(address, text.span));
    }
    Some(read)
}

fn resolve(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<(Spanned<Place>, Spanned<Place>)>> {
    let entries = entries(node, ctx, "a mapping of hosts to the places to connect to")?;
    let mut read: Vec<(Spanned<Place>, Spanned<Place>)> = Vec::new();
    for entry in entries {
        let name = place(&entry.key, ctx);
        let to = ctx.under(&entry.key, |ctx| {
            let text = value::scalar(&entry.value, ctx, "a place such as 127.0.0.1:5000")?;
            place(&text, ctx)
        });
        let (Some(name), Some(to)) = (name, to) else {
            continue;
        };
        if let Some((first, _)) = read.iter().find(|(known, _)| known.value == name.value) {
            ctx.tell(
                Diagnostic::error(
                    codes::DUPLICATE,
                    format!("the host `{}` is there twice", name.value),
                )
                .at(name.span, "again here")
                .at(first.span, "first here"),
            );
            continue;
        }
        read.push((name, to));
    }
    Some(read)
}

fn place(text: &Spanned<String>, ctx: &mut Context<'_>) -> Option<Spanned<Place>> {
    match Place::parse(&text.value) {
        Ok(place) => Some(Spanned::new(place, text.span)),
        Err(why) => {
            let message = format!("`{}`: `{}` is not a place", ctx.path(), text.value);
            ctx.tell(
                Diagnostic::error(codes::BAD_VALUE, message)
                    .at(text.span, why.to_string())
                    .help("valid are blog.example, 127.0.0.1:5000 and '[::1]:80'"),
            );
            None
        }
    }
}
