//! Merging what plan and class say of connections: the nearest word holds.

use std::sync::Arc;

use crate::{
    base::connecting::{Connecting, DNS_TTL, Lifetime, Route},
    plan::{ast, rules::reading},
    source::{Diagnostic, Diagnostics},
};

/// What holds for each class of a plan.
pub(super) fn of_classes<'a>(
    plan: &ast::Plan,
    classes: impl Iterator<Item = &'a ast::Class>,
    found: &mut Diagnostics,
) -> Vec<Connecting> {
    let general = &plan.defaults.connecting;
    let classes = classes.map(|class| {
        let own = &class.defaults.connecting;
        contradiction(own, general, found);
        merged(own, general)
    });
    classes.collect()
}

fn merged(own: &ast::Connecting, general: &ast::Connecting) -> Connecting {
    let http = own.http.as_ref().or(general.http.as_ref());
    let keep_alive = own.keep_alive.as_ref().or(general.keep_alive.as_ref());
    let from = own.local_addresses.as_ref();
    let from = from.or(general.local_addresses.as_ref());
    let dns_ttl = own.dns_ttl.as_ref().or(general.dns_ttl.as_ref());
    Connecting {
        version: http.map(|version| version.value).unwrap_or_default(),
        lifetime: match keep_alive.is_none_or(|keep_alive| keep_alive.value) {
            true => Lifetime::KeepAlive,
            false => Lifetime::OneRequest,
        },
        route: route(own, general),
        from: from.map_or_else(
            || Arc::new([]) as Arc<[_]>,
            |from| from.iter().map(|address| address.value).collect(),
        ),
        dns_ttl: dns_ttl.map_or(DNS_TTL, |ttl| ttl.value),
    }
}

fn route(own: &ast::Connecting, general: &ast::Connecting) -> Route {
    let proxy = own.proxy.as_ref().or(general.proxy.as_ref());
    if let Some(proxy) = proxy.and_then(|proxy| proxy.value.clone()) {
        return Route::Proxy(Arc::new(proxy));
    }
    // The class's own come first, and the first that fits is taken.
    let places = own.resolve.iter().chain(&general.resolve);
    let places = places.map(|(name, to)| (name.value.clone(), to.value.clone()));
    Route::Direct(places.collect())
}

/// A proxy looks up names itself.
fn contradiction(own: &ast::Connecting, general: &ast::Connecting, found: &mut Diagnostics) {
    let proxy = own.proxy.as_ref().or(general.proxy.as_ref());
    let resolved = own.resolve.first().or(general.resolve.first());
    let (Some(proxy), Some((name, _))) = (proxy, resolved) else {
        return;
    };
    if proxy.value.is_none() {
        return;
    }
    found.push_once(
        Diagnostic::error(
            reading::CONFLICT,
            "`resolve` means nothing beside a `proxy`, which connections go to",
        )
        .at(name.span, "would not be looked at")
        .at(proxy.span, "since all of them go here")
        .help("leave one of them out; a class has none of the plan's with `proxy: none`"),
    );
}
