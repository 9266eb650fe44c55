//! How connections are made, as far as it is said.

use std::{net::IpAddr, time::Duration};

use crate::{
    base::{
        connecting::{Proxy, Version},
        place::Place,
    },
    source::Spanned,
};

/// What `defaults` say of connections; the nearest word holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Connecting {
    pub http: Option<Spanned<Version>>,
    pub keep_alive: Option<Spanned<bool>>,
    /// `None` inside says that there is to be none.
    pub proxy: Option<Spanned<Option<Proxy>>>,
    pub local_addresses: Option<Vec<Spanned<IpAddr>>>,
    /// What is asked for, and where it is to be found; name by name.
    pub resolve: Vec<(Spanned<Place>, Spanned<Place>)>,
    pub dns_ttl: Option<Spanned<Duration>>,
}
