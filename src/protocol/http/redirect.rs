//! Which request comes after an answer, if one does.
//!
//! Pure: no clock, no IO. The rules are those of the Fetch standard, which
//! browsers follow, rather than the older text of the RFCs.

use std::{borrow::Cow, sync::Arc};

use url::{Origin, Url};

use crate::{
    base::method::Method,
    exchange::{Body, Encoded, Failure, FailureKind, HeaderText, Request},
};

pub use crate::base::redirects::MAX_REDIRECTS;

/// One request of a chain.
#[derive(Clone, Debug)]
pub(super) struct Hop<'a> {
    pub(super) method: Method,
    /// Without a fragment, which is never sent. Borrowed from the request where it has none.
    pub(super) url: Cow<'a, Url>,
    pub(super) body: Option<&'a Body>,
    headers: &'a [(Arc<str>, HeaderText)],
    /// For the request as the plan has it.
    pub(super) encoded: Option<&'a Encoded>,
    /// The chain has left the origin that the plan named, for good.
    abroad: bool,
    /// The method became GET, and what described the body went with it.
    stripped: bool,
}

impl<'a> Hop<'a> {
    /// The request as the plan has it.
    pub(super) fn first(request: &'a Request) -> Hop<'a> {
        let mut url = Cow::Borrowed(&request.url);
        if url.fragment().is_some() {
            url.to_mut().set_fragment(None);
        }
        Hop {
            method: request.method,
            url,
            body: request.body.as_ref(),
            headers: &request.headers,
            encoded: Some(&request.encoded),
            abroad: false,
            stripped: false,
        }
    }

    /// The plan's headers for this hop, all but `Cookie`.
    pub(super) fn headers(&self) -> impl Iterator<Item = (&'a str, &'a HeaderText)> {
        let (abroad, stripped) = (self.abroad, self.stripped);
        self.headers
            .iter()
            .map(|(name, value)| (&**name, value))
            .filter(move |(name, _)| {
                !(is_one_of(name, &["cookie"])
                    || (abroad && is_one_of(name, &PRIVATE))
                    || (stripped && is_one_of(name, &OF_THE_BODY)))
            })
    }

    /// The plan's `Cookie` headers for this hop.
    pub(super) fn own_cookies(&self) -> impl Iterator<Item = &'a str> {
        let abroad = self.abroad;
        self.headers
            .iter()
            .filter(move |(name, _)| !abroad && is_one_of(name, &["cookie"]))
            .map(|(_, value)| value.as_str())
    }

    /// What follows an answer of this `status` and `Location`: another request,
    /// or nothing, when the answer is the last one.
    ///
    /// # Errors
    ///
    /// A location that cannot be asked is a failure of the target's.
    pub(super) fn after(
        &self,
        status: u16,
        location: Option<&[u8]>,
    ) -> Result<Option<Hop<'a>>, Failure> {
        let (true, Some(location)) = (REDIRECTS.contains(&status), location) else {
            return Ok(None);
        };
        let mut url = target(&self.url, location)?;
        let mut next = self.clone();
        next.encoded = None;
        if becomes_get(self.method, status) {
            next.method = Method::Get;
            next.body = None;
            next.stripped = true;
        }
        if url.origin() == self.url.origin() {
            keep_credentials(&self.url, &mut url);
        } else {
            next.abroad = true;
        }
        next.url = Cow::Owned(url);
        Ok(Some(next))
    }
}

/// The statuses that send a visitor elsewhere; 300, 304, 305 and 306 do not.
const REDIRECTS: [u16; 5] = [301, 302, 303, 307, 308];

/// Headers that are for the origin that the plan named and for no other.
const PRIVATE: [&str; 3] = ["authorization", "host", "proxy-authorization"];

/// Headers that describe a body, and go when it goes.
const OF_THE_BODY: [&str; 4] = [
    "content-type",
    "content-encoding",
    "content-language",
    "content-location",
];

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn becomes_get(method: Method, status: u16) -> bool {
    match status {
        301 | 302 => method == Method::Post,
        303 => method != Method::Head,
        _ => false,
    }
}

fn target(base: &Url, location: &[u8]) -> Result<Url, Failure> {
    let wrong = |why: &str| {
        let shown: String = String::from_utf8_lossy(location)
            .chars()
            .take(MAX_SHOWN_CHARS)
            .collect();
        Failure::new(
            FailureKind::BadProtocol,
            format!("redirected to {shown:?}: {why}"),
        )
    };
    let text = std::str::from_utf8(location).map_err(|_| wrong("it is not UTF-8"))?;
    let mut url = base.join(text).map_err(|error| wrong(&error.to_string()))?;
    if !matches!(url.origin(), Origin::Tuple(..)) || !url.scheme().starts_with("http") {
        return Err(wrong("only http and https can be asked"));
    }
    url.set_fragment(None);
    Ok(url)
}

/// How much of a bad location a failure shows.
const MAX_SHOWN_CHARS: usize = 200;

/// User and password in the target's address stay in force within its origin,
/// also where a location is absolute and does not repeat them.
fn keep_credentials(from: &Url, to: &mut Url) {
    if to.username().is_empty() && to.password().is_none() {
        to.set_username(from.username())
            .and_then(|()| to.set_password(from.password()))
            .expect("http addresses have a host, so they can have a user");
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{base::timeouts::Timeouts, exchange::BodyUse};

    #[test]
    #[rustfmt::skip]
    fn method_and_body_after_each_status() {
        use Method::{Delete, Get, Head, Options, Patch, Post, Put};
        //  status  methods that become GET               methods that stay
        let rows: [(u16, &[Method], &[Method]); 5] = [
            (301,   &[Post],                               &[Get, Head, Put, Patch, Delete, Options]),
            (302,   &[Post],                               &[Get, Head, Put, Patch, Delete, Options]),
            (303,   &[Post, Put, Patch, Delete, Options],  &[Head]),
            (307,   &[],                                   &[Get, Head, Post, Put, Patch, Delete, Options]),
            (308,   &[],                                   &[Get, Head, Post, Put, Patch, Delete, Options]),
        ];
        for (status, to_get, stay) in rows {
            for method in to_get {
                let request = request(*method, "http://a.test/x", &[]);
                let next = Hop::first(&request).after(status, Some(b"/y")).unwrap().unwrap();
                assert_eq!((next.method, next.body), (Get, None), "{method} {status}");
            }
            for method in stay {
                let request = request(*method, "http://a.test/x", &[]);
                let next = Hop::first(&request).after(status, Some(b"/y")).unwrap().unwrap();
                assert_eq!((next.method, next.body), (*method, request.body.as_ref()), "{method} {status}");
            }
        }
    }

    #[test]
    #[rustfmt::skip]
    fn locations_are_relative_or_absolute() {
        let rows = [
            ("/y",                    "http://a.test:81/y"),
            ("y?q=1",                 "http://a.test:81/dir/y?q=1"),
            ("?q=1",                  "http://a.test:81/dir/x?q=1"),
            ("../y",                  "http://a.test:81/y"),
            ("",                      "http://a.test:81/dir/x?old=1"),
            ("#part",                 "http://a.test:81/dir/x?old=1"),
            ("/y#part",               "http://a.test:81/y"),
            ("//b.test/y",            "http://b.test/y"),
            ("https://b.test:444",    "https://b.test:444/"),
            ("/łódź",                 "http://a.test:81/%C5%82%C3%B3d%C5%BA"),
        ];
        let request = request(Method::Get, "http://a.test:81/dir/x?old=1#here", &[]);
        for (location, url) in rows {
            let next = Hop::first(&request).after(302, Some(location.as_bytes())).unwrap().unwrap();
            assert_eq!(next.url.as_str(), url, "{location}");
        }
    }

    #[test]
    fn what_is_no_redirect_is_the_answer() {
        let request = request(Method::Get, "http://a.test/", &[]);
        for status in [200, 201, 300, 304, 305, 306, 399, 404] {
            let next = Hop::first(&request).after(status, Some(b"/y")).unwrap();
            assert!(next.is_none(), "{status}");
        }
        assert!(Hop::first(&request).after(302, None).unwrap().is_none());
    }

    #[test]
    #[rustfmt::skip]
    fn a_location_that_cannot_be_asked_is_bad_protocol() {
        let rows: [(&[u8], &str); 4] = [
            (b"ftp://a.test/",  "redirected to \"ftp://a.test/\": only http and https can be asked"),
            (b"mailto:a@b",     "redirected to \"mailto:a@b\": only http and https can be asked"),
            (b"http://[::1",    "redirected to \"http://[::1\": invalid IPv6 address"),
            (b"/\xff",          "redirected to \"/\u{fffd}\": it is not UTF-8"),
        ];
        let request = request(Method::Get, "http://a.test/", &[]);
        for (location, detail) in rows {
            let failure = Hop::first(&request).after(302, Some(location)).unwrap_err();
            assert_eq!(failure, Failure::new(FailureKind::BadProtocol, detail));
        }
    }

    #[test]
    #[rustfmt::skip]
    fn private_headers_stay_at_home_and_content_headers_with_the_body() {
        let headers = [
            ("authorization", "Basic x"), ("cookie", "k=v"), ("host", "h"),
            ("content-type", "text/x"), ("accept-language", "pl"),
        ];
        //  status  location             headers that go along                                    cookies
        let rows = [
            (307,   "/y",                "authorization host content-type accept-language",        "k=v"),
            (302,   "/y",                "authorization host accept-language",                     "k=v"),
            (307,   "http://b.test/",    "content-type accept-language",                           ""),
            (302,   "http://b.test/",    "accept-language",                                        ""),
            (307,   "https://a.test/",   "content-type accept-language",                           ""),
            (307,   "http://a.test:81/", "content-type accept-language",                           ""),
        ];
        let request = request(Method::Post, "http://a.test/", &headers);
        for (status, location, names, cookies) in rows {
            let next = Hop::first(&request).after(status, Some(location.as_bytes())).unwrap().unwrap();
            let sent: Vec<_> = next.headers().map(|(name, _)| name).collect();
            assert_eq!(sent.join(" "), names, "{status} {location}");
            assert_eq!(next.own_cookies().collect::<String>(), cookies, "{status} {location}");
            // Who has left does not get them back at home either.
            let back = next.after(307, Some(b"http://a.test/")).unwrap().unwrap();
            assert_eq!(back.own_cookies().collect::<String>(), cookies, "{status} {location}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn credentials_of_the_address_stay_within_its_origin() {
        let rows = [
            ("/y",               "http://u:p@a.test/y"),
            ("http://a.test/y",  "http://u:p@a.test/y"),
            ("http://v@a.test/", "http://v@a.test/"),
            ("http://b.test/",   "http://b.test/"),
        ];
        let request = request(Method::Get, "http://u:p@a.test/", &[]);
        for (location, url) in rows {
            let next = Hop::first(&request).after(302, Some(location.as_bytes())).unwrap().unwrap();
            assert_eq!(next.url.as_str(), url, "{location}");
        }
    }

    fn request(method: Method, url: &str, headers: &[(&str, &str)]) -> Request {
        Request {
            method,
            url: Url::parse(url).unwrap(),
            headers: headers
                .iter()
                .map(|(name, value)| (Arc::from(*name), HeaderText::new(*value).unwrap()))
                .collect(),
            body: Some(Body::new(Some("text/plain"), b"x".to_vec())),
            timeouts: Timeouts::of_total(Duration::from_secs(10)),
            body_use: BodyUse::Count,
            redirects: crate::base::redirects::Redirects::Follow,
            encoded: Encoded::default(),
        }
    }
}
