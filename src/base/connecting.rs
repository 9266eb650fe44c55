//! How connections are made, and how long they are kept.

use std::{fmt, net::IpAddr, sync::Arc, time::Duration};

use url::{Host, Url};

use super::{address::without_credentials, place::Place};

/// What holds for the connections of a class's users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connecting {
    /// The version of HTTP that is spoken.
    pub version: Version,
    /// How many requests a connection carries.
    pub lifetime: Lifetime,
    /// Where connections go.
    pub route: Route,
    /// The addresses of this machine that they come from, from user to user in turn;
    /// without any the system chooses.
    pub from: Arc<[IpAddr]>,
    /// How long the addresses of a name are used before they are looked up again; not at
    /// all if it is zero.
    pub dns_ttl: Duration,
}

/// The time to live of a name's addresses, unless a plan says another.
pub const DNS_TTL: Duration = Duration::from_mins(1);

/// Which version of HTTP is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    /// HTTP/2 where a TLS server chooses it, and HTTP/1.1 everywhere else.
    #[default]
    Negotiated,
    /// HTTP/1.1, whatever else a server could speak.
    Http1,
    /// HTTP/2 and nothing else; without TLS as well (RFC 9113, section 3.3).
    Http2,
}

/// How many requests a connection carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lifetime {
    /// As many as the server lets it.
    #[default]
    KeepAlive,
    /// One.
    OneRequest,
}

/// Where the connection for a URL goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// To its host; to another place for those that are named here.
    Direct(Arc<[(Place, Place)]>),
    Proxy(Arc<Proxy>),
}

/// A forward proxy that is spoken to without TLS.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// With user and password, if it asks for them.
    url: Url,
}

/// A text that is no proxy; says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAProxy(&'static str);

impl Default for Connecting {
    fn default() -> Connecting {
        Connecting {
            version: Version::default(),
            lifetime: Lifetime::default(),
            route: Route::default(),
            from: Arc::default(),
            dns_ttl: DNS_TTL,
        }
    }
}

impl Connecting {
    /// The proxy that requests for a URL are written to as they are, and not through a
    /// tunnel.
    pub fn forwarding(&self, url: &Url) -> Option<&Proxy> {
        match &self.route {
            Route::Proxy(proxy) if url.scheme() == "http" => Some(proxy),
            Route::Proxy(_) | Route::Direct(_) => None,
        }
    }
}

impl Route {
    /// Where the connection for a URL is made to.
    ///
    /// `None` for a URL without a host.
    pub fn hop(&self, url: &Url) -> Option<(Host, u16)> {
        let port = url.port_or_known_default()?;
        match self {
            Route::Proxy(proxy) => {
                let port = proxy.url.port_or_known_default()?;
                Some((proxy.url.host()?.to_owned(), port))
            }
            Route::Direct(elsewhere) => match elsewhere.iter().find(|(name, _)| name.names(url)) {
                Some((_, place)) => Some((place.host().clone(), place.port().unwrap_or(port))),
                None => Some((url.host()?.to_owned(), port)),
            },
        }
    }
}

impl Default for Route {
    fn default() -> Route {
        Route::Direct(Arc::new([]))
    }
}

impl Proxy {
    /// Reads `http://host:port`, perhaps with `user:password@` before the host.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in a few words.
    pub fn parse(text: &str) -> Result<Proxy, NotAProxy> {
        let Ok(url) = Url::parse(text) else {
            return Err(NotAProxy("it should begin with `http://`"));
        };
        match url.scheme() {
            "http" => {}
            "https" => return Err(NotAProxy("proxies are spoken to over `http://` only")),
            "socks4" | "socks4a" | "socks5" | "socks5h" => {
                return Err(NotAProxy("SOCKS proxies are not spoken to"));
            }
            _ => return Err(NotAProxy("it should begin with `http://`")),
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(NotAProxy("a proxy is a host and a port, without a path"));
        }
        Ok(Proxy { url })
    }

    /// Its URL, with the credentials that it is given: a secret.
    pub fn url(&self) -> &Url {
        &self.url
    }
}

/// Without what is secret.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = without_credentials(&self.url);
        f.write_str(url.as_str().trim_end_matches('/'))
    }
}

/// Without what is secret.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

impl fmt::Display for NotAProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for NotAProxy {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn proxies_are_read() {
        for (text, expected) in [
            ("http://p:3128",         Ok("http://p:3128")),
            ("http://ann:a%20b@p:81", Ok("http://p:81")),
            ("http://p/",             Ok("http://p")),
            ("p:3128",                Err("it should begin with `http://`")),
            ("p",                     Err("it should begin with `http://`")),
            ("https://p",             Err("proxies are spoken to over `http://` only")),
            ("socks5://p",            Err("SOCKS proxies are not spoken to")),
            ("http://p/x",            Err("a proxy is a host and a port, without a path")),
        ] {
            let proxy = Proxy::parse(text);
            let read = proxy.as_ref().map(ToString::to_string).map_err(|why| why.0);
            assert_eq!(read, expected.map(str::to_owned), "{text}");
            assert!(!format!("{proxy:?}").contains("ann"));
        }
    }

    #[test]
    #[rustfmt::skip]
    fn routes_lead_where_they_say() {
        let place = |text| Place::parse(text).unwrap();
        let elsewhere = Route::Direct(Arc::new([
            (place("a"), place("127.0.0.1")),
            (place("b:81"), place("c:5000")),
        ]));
        let proxy = Route::Proxy(Arc::new(Proxy::parse("http://p").unwrap()));
        for (route, url, to) in [
            (&elsewhere, "http://a/",      ("127.0.0.1", 80)),
            (&elsewhere, "https://a:444/", ("127.0.0.1", 444)),
            (&elsewhere, "http://b:81/",   ("c", 5000)),
            (&elsewhere, "http://b/",      ("b", 80)),
            (&proxy,     "https://a/",     ("p", 80)),
        ] {
            let (host, port) = route.hop(&Url::parse(url).unwrap()).unwrap();
            assert_eq!((host.to_string().as_str(), port), to, "{url}");
        }
    }
}
