//! Secrets that a request had, looked for wherever they may have been repeated.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use percent_encoding::percent_decode_str;
use serde_json::Value as Json;
use url::{Url, form_urlencoded};

use super::{MASK, Secrets, is_secret};
use crate::exchange::{Body, Cookie, Request};

/// The fewest characters of a secret that is looked for.
///
/// Shorter ones stand in every page by chance, and masking those would say more than
/// it hides.
pub const MIN_KNOWN_CHARS: usize = 6;

/// How much of a body is searched for secrets, in bytes. Real forms are smaller.
const MAX_SEARCHED_BYTES: usize = 64 << 10;

/// The secrets of one request and of the user who sent it.
#[derive(Debug, Default)]
pub struct Known {
    /// The longest first: one can be a part of another.
    values: Vec<String>,
}

impl Known {
    /// Those of a run alone.
    pub fn secrets(secrets: &Secrets) -> Known {
        Known {
            values: secrets.shapes().to_vec(),
        }
    }

    /// Collects what [`is_secret`] in a request, its user's cookies, and the secrets
    /// of the run.
    pub fn of(request: &Request, cookies: &[Cookie], secrets: &Secrets) -> Known {
        let mut known = Known::secrets(secrets);
        for (name, value) in &request.headers {
            known.header(name, value.as_str());
        }
        for cookie in cookies {
            known.cookie(&cookie.value);
        }
        known.credentials(&request.url);
        known.pairs(request.url.query().unwrap_or(""));
        if let Some(body) = &request.body {
            known.body(body);
        }
        known
            .values
            .sort_unstable_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        known.values.dedup();
        known
    }

    /// The text without any of them; at its end, where it may have been cut, also
    /// without the beginning of one.
    pub fn hide(&self, text: &str) -> String {
        let mut shown = text.to_owned();
        for value in &self.values {
            if shown.contains(value) {
                shown = shown.replace(value, MASK);
            }
        }
        let begun = self.values.iter().filter_map(|value| {
            let starts = value.char_indices().map(|(at, _)| &value[..at]);
            let long = starts.skip(MIN_KNOWN_CHARS);
            long.filter(|start| shown.ends_with(start))
                .map(str::len)
                .max()
        });
        if let Some(begun) = begun.max() {
            shown.truncate(shown.len() - begun);
            shown.push_str(MASK);
        }
        shown
    }

    fn header(&mut self, name: &str, value: &str) {
        if name == "cookie" {
            for pair in value.split(';') {
                self.cookie(pair.split_once('=').map_or(pair, |(_, value)| value).trim());
            }
        } else if is_secret(name) {
            self.add(value);
            // What comes after "Basic" or "Bearer".
            if let Some((_, credentials)) = value.split_once(' ') {
                self.add(credentials.trim());
                self.password(credentials.trim());
            }
        }
    }

    /// The password of a user, as an answer may repeat it.
    fn password(&mut self, encoded: &str) {
        let pair = BASE64_STANDARD.decode(encoded).unwrap_or_default();
        if let Some((_, password)) = String::from_utf8_lossy(&pair).split_once(':') {
            self.add(password);
        }
    }

    fn cookie(&mut self, value: &str) {
        self.add(value);
        self.add(value.trim_matches('"'));
    }

    /// As they stand in the URL, as they are, and as they are sent.
    fn credentials(&mut self, url: &Url) {
        let Some(password) = url.password() else {
            return;
        };
        let mut plain: Vec<u8> = percent_decode_str(url.username()).collect();
        plain.push(b':');
        let user_bytes = plain.len();
        plain.extend(percent_decode_str(password));
        self.add(password);
        self.add(&String::from_utf8_lossy(&plain[user_bytes..]));
        self.add(&BASE64_STANDARD.encode(&plain));
    }

    fn pairs(&mut self, encoded: &str) {
        for pair in encoded.split('&') {
            if let Some((name, value)) = pair.split_once('=')
                && is_secret(name)
            {
                self.add(value);
                for (_, decoded) in form_urlencoded::parse(pair.as_bytes()) {
                    self.add(&decoded);
                }
            }
        }
    }

    fn body(&mut self, body: &Body) {
        let start = &body.bytes[..body.bytes.len().min(MAX_SEARCHED_BYTES)];
        let content_type = body.content_type.as_deref().unwrap_or_default();
        if content_type.starts_with("multipart/") {
            self.parts(body);
        } else if let Ok(json) = serde_json::from_slice::<Json>(start) {
            self.members(&json, Found::InTheOpen);
        } else {
            self.pairs(&String::from_utf8_lossy(start));
        }
    }

    /// The texts among the parts of a form.
    fn parts(&mut self, body: &Body) {
        for piece in body.own_pieces() {
            let text = String::from_utf8_lossy(&piece[..piece.len().min(MAX_SEARCHED_BYTES)]);
            for part in text
                .split("Content-Disposition: form-data; name=\"")
                .skip(1)
            {
                let Some((name, rest)) = part.split_once('"') else {
                    continue;
                };
                let value = rest.strip_prefix("\r\n\r\n");
                let value = value.and_then(|value| value.rsplit_once("\r\n--"));
                if let Some((value, _)) = value
                    && is_secret(name)
                {
                    self.add(value);
                }
            }
        }
    }

    fn members(&mut self, json: &Json, found: Found) {
        match json {
            Json::Object(members) => {
                for (name, value) in members {
                    let below = if is_secret(name) {
                        Found::UnderASecretName
                    } else {
                        found
                    };
                    self.members(value, below);
                }
            }
            Json::Array(items) => items.iter().for_each(|item| self.members(item, found)),
            Json::String(text) if found == Found::UnderASecretName => self.add(text),
            Json::Number(number) if found == Found::UnderASecretName => {
                self.add(&number.to_string());
            }
            Json::String(_) | Json::Number(_) | Json::Bool(_) | Json::Null => {}
        }
    }

    /// Adds a value, and how forms, JSON and HTML write it.
    fn add(&mut self, value: &str) {
        if value.chars().count() < MIN_KNOWN_CHARS {
            return;
        }
        let json = Json::from(value).to_string();
        self.values.push(json[1..json.len() - 1].to_owned());
        let form: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        self.values.push(form);
        let html = value.replace('&', "&amp;");
        let html = html.replace('<', "&lt;").replace('>', "&gt;");
        let html = html.replace('\'', "&#39;");
        self.values.push(html.replace('"', "&quot;"));
        self.values.push(html.replace('"', "&#34;"));
        self.values.push(value.to_owned());
    }
}

/// Where in a JSON text a value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    InTheOpen,
    UnderASecretName,
}
