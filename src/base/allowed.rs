//! Which servers may be asked at all.

use std::{fmt, sync::Arc};

use url::Url;

/// The servers that whoever runs plans allows them to ask.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedTargets {
    /// `None` allows all.
    patterns: Option<Arc<[Pattern]>>,
}

/// `https://*.staging.example:8443`
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    scheme: Box<str>,
    host: Host,
    port: Port,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Host {
    Any,
    /// The name of a host, or an address.
    This(Box<str>),
    /// Every name that ends so, with the dot before it.
    Below(Box<str>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Port {
    Any,
    This(u16),
}

/// A pattern that is none; says what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAPattern(String);

impl AllowedTargets {
    /// Those that any of these patterns allows; none if there are none.
    ///
    /// A pattern is a scheme, a host and perhaps a port: `http://127.0.0.1:*`,
    /// `https://*.staging.example`. Without a port it is that of the scheme.
    ///
    /// # Errors
    ///
    /// The first that is no pattern.
    pub fn of<'p>(
        patterns: impl IntoIterator<Item = &'p str>,
    ) -> Result<AllowedTargets, NotAPattern> {
        let patterns: Result<Vec<Pattern>, _> = patterns.into_iter().map(Pattern::parse).collect();
        Ok(AllowedTargets {
            patterns: Some(patterns?.into()),
        })
    }

    /// Whether the server of a URL may be asked.
    pub fn permit(&self, url: &Url) -> bool {
        match &self.patterns {
            None => true,
            Some(patterns) => patterns.iter().any(|pattern| pattern.fits(url)),
        }
    }
}

/// "http://127.0.0.1:* and https://*.staging.example"
impl fmt::Display for AllowedTargets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(patterns) = &self.patterns else {
            return f.write_str("all");
        };
        match patterns.split_last() {
            None => f.write_str("none"),
            Some((last, [])) => write!(f, "{last}"),
            Some((last, others)) => {
                let others: Vec<_> = others.iter().map(Pattern::to_string).collect();
                write!(f, "{} and {last}", others.join(", "))
            }
        }
    }
}

impl Pattern {
    fn parse(text: &str) -> Result<Pattern, NotAPattern> {
        let wrong = |why: &str| NotAPattern(format!("`{text}` {why}"));
        let (scheme, place) = text
            .split_once("://")
            .filter(|(scheme, _)| matches!(*scheme, "http" | "https"))
            .ok_or_else(|| wrong("begins with neither `http://` nor `https://`"))?;
        let (place, port) = match place.rsplit_once(':') {
            // Not one of those in `[::1]`.
            Some((place, port)) if !port.ends_with(']') => (place, Some(port)),
            Some(_) | None => (place, None),
        };
        let port = match port {
            None if scheme == "http" => Port::This(80),
            None => Port::This(443),
            Some("*") => Port::Any,
            Some(port) => {
                let port = port
                    .parse()
                    .map_err(|_| wrong("has no number for a port"))?;
                Port::This(port)
            }
        };
        let below = place.strip_prefix("*.");
        let name = below.unwrap_or(place);
        if name == "*" && below.is_none() {
            return Ok(Pattern {
                scheme: scheme.into(),
                host: Host::Any,
                port,
            });
        }
        // As URLs write it: in lower case, in punycode, an address in its short form.
        let url = Url::parse(&format!("{scheme}://{name}/")).map_err(|_| wrong("names no host"))?;
        if url.path() != "/" || !url.username().is_empty() || name.contains(['*', '?', '#', '/']) {
            return Err(wrong("is more than a scheme, a host and a port"));
        }
        let name = url.host_str().unwrap_or_default();
        Ok(Pattern {
            scheme: scheme.into(),
            host: match below {
                Some(_) => Host::Below(format!(".{name}").into()),
                None => Host::This(name.into()),
            },
            port,
        })
    }

    fn fits(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let same_host = match &self.host {
            Host::Any => true,
            Host::This(name) => host == &**name,
            Host::Below(end) => host.ends_with(&**end),
        };
        let same_port = match self.port {
            Port::Any => true,
            Port::This(port) => url.port_or_known_default() == Some(port),
        };
        url.scheme() == &*self.scheme && same_host && same_port
    }
}

/// As it could be written.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.scheme)?;
        match &self.host {
            Host::Any => f.write_str("*")?,
            Host::This(name) => f.write_str(name)?,
            Host::Below(end) => write!(f, "*{end}")?,
        }
        match (&*self.scheme, self.port) {
            ("http", Port::This(80)) | ("https", Port::This(443)) => Ok(()),
            (_, Port::This(port)) => write!(f, ":{port}"),
            (_, Port::Any) => f.write_str(":*"),
        }
    }
}

impl fmt::Display for NotAPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}; a target is written like `http://127.0.0.1:*` or `https://*.staging.example`",
            self.0
        )
    }
}

impl std::error::Error for NotAPattern {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn patterns_allow_what_they_say_and_nothing_else() {
        let rows = [
            ("http://127.0.0.1:*",        "http://127.0.0.1:5000/x",       true),
            ("http://127.0.0.1:*",        "http://127.0.0.1/",             true),
            ("http://127.0.0.1:*",        "https://127.0.0.1/",            false),
            ("http://127.0.0.1:*",        "http://127.0.0.10/",            false),
            ("http://127.0.0.1",          "http://127.0.0.1:80/",          true),
            ("http://127.0.0.1",          "http://127.0.0.1:5000/",        false),
            ("http://127.1",              "http://127.0.0.1/",             true),
            ("https://a.example:8443",    "https://A.Example:8443/",       true),
            ("https://a.example",         "https://a.example.evil/",       false),
            ("https://*.a.example",       "https://x.a.example/",          true),
            ("https://*.a.example",       "https://x.y.a.example/",        true),
            ("https://*.a.example",       "https://a.example/",            false),
            ("https://*.a.example",       "https://evil-a.example/",       false),
            ("https://*.a.example",       "https://x.a.example@evil.net/", false),
            ("http://*:*",                "http://anyone:1/",              true),
            ("http://*",                  "http://anyone:1/",              false),
            ("http://[::1]:5000",         "http://[::1]:5000/",            true),
            ("http://[::1]",              "http://[0:0::1]/",              true),
        ];
        for (pattern, url, allowed) in rows {
            let targets = AllowedTargets::of([pattern]).unwrap();
            assert_eq!(targets.permit(&Url::parse(url).unwrap()), allowed, "{pattern} {url}");
        }
        assert!(!AllowedTargets::of([]).unwrap().permit(&Url::parse("http://h/").unwrap()));
        assert!(AllowedTargets::default().permit(&Url::parse("http://h/").unwrap()));
    }

    #[test]
    fn what_is_no_pattern_is_told() {
        for (text, why) in [
            ("127.0.0.1", "begins with neither"),
            ("ftp://h", "begins with neither"),
            ("http://h:port", "has no number for a port"),
            ("http://h/path", "is more than a scheme"),
            ("http://me@h", "is more than a scheme"),
            ("http://a.*.b", "is more than a scheme"),
            ("http://", "names no host"),
        ] {
            let error = AllowedTargets::of([text]).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
        let targets = AllowedTargets::of(["http://h:*", "https://*.x", "http://*:81"]).unwrap();
        assert_eq!(
            targets.to_string(),
            "http://h:*, https://*.x and http://*:81"
        );
    }
}
