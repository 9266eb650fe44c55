//! A host and perhaps a port: `blog.example`, `127.0.0.1:5000`, `[::1]:80`.

use std::fmt;

use url::{Host, Url};

/// Where something listens, or the name by which it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// As URLs write it: names in lower case and punycode, addresses in their short form.
    host: Host,
    /// `None` leaves it to whoever asks.
    port: Option<u16>,
}

/// A text that is no place; says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAPlace(String);

impl Place {
    /// Reads `host`, `host:port`, and for an IPv6 address `[address]:port`.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in a few words.
    pub fn parse(text: &str) -> Result<Place, NotAPlace> {
        let wrong = |why: &str| Err(NotAPlace(why.to_owned()));
        if text.contains("://") {
            return wrong("it is a host and perhaps a port, without `http://`");
        }
        if text.contains(['/', '?', '#', '@']) {
            return wrong("it is a host and perhaps a port, and nothing else");
        }
        let (host, port) = match text.rsplit_once(':') {
            // The one that was found stands in the brackets of an address.
            Some((_, end)) if end.ends_with(']') => (text, None),
            Some((host, _)) if host.contains(':') && !host.ends_with(']') => {
                return wrong("an IPv6 address stands in brackets: `[::1]`, `[::1]:80`");
            }
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        };
        let port = match port.map(str::parse::<u16>) {
            None => None,
            Some(Ok(port)) if port > 0 => Some(port),
            Some(_) => return wrong("a port is a number from 1 to 65535"),
        };
        match Host::parse(host) {
            Ok(host) => Ok(Place { host, port }),
            Err(_) => wrong("it names no host"),
        }
    }

    /// The host, as URLs write it.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Its port, if it says one.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Whether a URL asks for what is called so; without a port, on any.
    pub fn names(&self, url: &Url) -> bool {
        let same_port = self
            .port
            .is_none_or(|port| url.port_or_known_default() == Some(port));
        same_port && url.host() == Some(as_borrowed(&self.host))
    }
}

fn as_borrowed(host: &Host) -> Host<&str> {
    match host {
        Host::Domain(name) => Host::Domain(name),
        Host::Ipv4(address) => Host::Ipv4(*address),
        Host::Ipv6(address) => Host::Ipv6(*address),
    }
}

/// As it can be read again.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.host)?;
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for NotAPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotAPlace {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn places_are_read_and_written() {
        let rows = [
            ("Blog.Example",     Ok("blog.example")),
            ("blog.example:80",  Ok("blog.example:80")),
            ("127.0.0.1:5000",   Ok("127.0.0.1:5000")),
            ("[::1]:80",         Ok("[::1]:80")),
            ("[0:0::1]",         Ok("[::1]")),
            ("::1",              Err("an IPv6 address stands in brackets: `[::1]`, `[::1]:80`")),
            ("h:0",              Err("a port is a number from 1 to 65535")),
            ("h:65536",          Err("a port is a number from 1 to 65535")),
            ("h:http",           Err("a port is a number from 1 to 65535")),
            ("http://h",         Err("it is a host and perhaps a port, without `http://`")),
            ("h/x",              Err("it is a host and perhaps a port, and nothing else")),
            ("me@h",             Err("it is a host and perhaps a port, and nothing else")),
            ("",                 Err("it names no host")),
            ("a b",              Err("it names no host")),
        ];
        for (text, expected) in rows {
            let read = Place::parse(text).map(|place| place.to_string()).map_err(|why| why.to_string());
            assert_eq!(read, expected.map(str::to_owned).map_err(str::to_owned), "{text}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn a_name_is_that_of_its_port_or_of_any() {
        for (place, url, names) in [
            ("h",     "http://h/",       true),
            ("h",     "https://H:81/x",  true),
            ("h:80",  "http://h/",       true),
            ("h:80",  "https://h/",      false),
            ("h:443", "https://h/",      true),
            ("h",     "http://g/",       false),
            ("[::1]", "http://[::1]:9/", true),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(Place::parse(place).unwrap().names(&url), names, "{place} {url}");
        }
    }
}
