//! Values that a run was given to keep for itself.

use std::{borrow::Cow, fmt, sync::Arc};

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD},
};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value as Json;
use url::form_urlencoded;

use super::MASK;

/// The fewest characters of a secret that is masked.
///
/// Shorter ones stand in every text by chance: what is left around the masks would
/// tell them, and nobody could read it.
pub const MIN_SECRET_CHARS: usize = 4;

/// The fewest characters of a part of base64 that is looked for.
const MIN_ENCODED_CHARS: usize = 6;

/// What URLs leave as it is in a path; templates escape more, other programs less.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// What JavaScript's `encodeURIComponent` leaves as it is, and Python's `quote`.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The secrets of a run: their values, in the order in which the plan names them, and
/// all ways in which texts may show them.
#[derive(Clone, Default)]
pub struct Secrets {
    values: Arc<[Arc<str>]>,
    /// The longest first: one can be a part of another.
    shapes: Arc<[String]>,
}

impl Secrets {
    /// Secrets of these values. What is shorter than [`MIN_SECRET_CHARS`] is a value
    /// like any other, and never masked.
    pub fn of(values: impl IntoIterator<Item = Arc<str>>) -> Secrets {
        let values: Arc<[Arc<str>]> = values.into_iter().collect();
        let mut shapes = Vec::new();
        for value in &*values {
            if value.chars().count() >= MIN_SECRET_CHARS {
                shapes_of(value, &mut shapes);
            }
        }
        shapes.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        shapes.dedup();
        Secrets {
            values,
            shapes: shapes.into(),
        }
    }

    /// The value of the secret that the plan names at this place.
    pub fn value(&self, at: u32) -> Option<&Arc<str>> {
        self.values.get(at as usize)
    }

    /// The text without any of them.
    pub fn hide<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut shown = Cow::Borrowed(text);
        for shape in &*self.shapes {
            if shown.contains(shape.as_str()) {
                shown = Cow::Owned(shown.replace(shape.as_str(), MASK));
            }
        }
        shown
    }

    /// All that is looked for, the longest first.
    pub(super) fn shapes(&self) -> &[String] {
        &self.shapes
    }
}

/// Their number and nothing else.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({} not shown)", self.values.len())
    }
}

/// Adds a value as it is, and as URLs, forms, JSON, HTML and base64 write it.
fn shapes_of(value: &str, shapes: &mut Vec<String>) {
    let bytes = value.as_bytes();
    shapes.push(value.to_owned());

    let mut encoded: Vec<String> = vec![form_urlencoded::byte_serialize(bytes).collect()];
    for set in [NON_ALPHANUMERIC, COMPONENT, PATH] {
        encoded.push(utf8_percent_encode(value, set).to_string());
    }
    let lower: Vec<String> = encoded.iter().map(|one| lower_hex(one)).collect();
    shapes.extend(encoded);
    shapes.extend(lower);

    let json = Json::from(value).to_string();
    let json = &json[1..json.len() - 1];
    shapes.push(json.to_owned());
    shapes.push(json.replace('/', "\\/"));
    shapes.push(in_ascii(json));

    let html = value.replace('&', "&amp;");
    let html = html.replace('<', "&lt;").replace('>', "&gt;");
    for (single, double) in [
        ("'", "\""),
        ("'", "&quot;"),
        ("&#39;", "&quot;"),
        ("&#39;", "&#34;"),
        ("&#x27;", "&quot;"),
    ] {
        shapes.push(html.replace('\'', single).replace('"', double));
    }
    base64(bytes, shapes);
}

/// `%2F` as `%2f`.
fn lower_hex(encoded: &str) -> String {
    let mut lower = String::with_capacity(encoded.len());
    let mut digits = 0;
    for sign in encoded.chars() {
        if digits > 0 {
            digits -= 1;
            lower.push(sign.to_ascii_lowercase());
        } else {
            digits = if sign == '%' { 2 } else { 0 };
            lower.push(sign);
        }
    }
    lower
}

/// JSON without a character beyond ASCII, as many programs write it.
fn in_ascii(json: &str) -> String {
    let mut ascii = String::with_capacity(json.len());
    for sign in json.chars() {
        if sign.is_ascii() {
            ascii.push(sign);
            continue;
        }
        for unit in sign.encode_utf16(&mut [0; 2]) {
            ascii.push_str(&format!("\\u{unit:04x}"));
        }
    }
    ascii
}

/// In base64, alone and as a part of something longer, which shifts it by none, one or
/// two bytes: the digits that depend on its neighbours are left out.
fn base64(bytes: &[u8], shapes: &mut Vec<String>) {
    for engine in [BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD] {
        shapes.push(engine.encode(bytes));
        for (before, spoilt) in [(0, 0), (1, 2), (2, 3)] {
            let mut padded = vec![0; before];
            padded.extend(bytes);
            let encoded = engine.encode(&padded);
            // The last digit holds bits of what follows, unless a group is full.
            let full = if padded.len() % 3 == 0 { 0 } else { 1 };
            let own = &encoded[spoilt.min(encoded.len())..];
            let own = &own[..own.len().saturating_sub(full)];
            if own.len() >= MIN_ENCODED_CHARS {
                shapes.push(own.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};

    use super::*;

    const VALUE: &str = "p@ss/w&rd é'\"<1>";

    fn secrets() -> Secrets {
        Secrets::of([Arc::from(VALUE)])
    }

    #[test]
    fn a_secret_is_hidden_however_it_is_written() {
        let secrets = secrets();
        let form: String = form_urlencoded::byte_serialize(VALUE.as_bytes()).collect();
        let json = Json::from(VALUE).to_string();
        let rows = [
            VALUE.to_owned(),
            form.clone(),
            form.to_lowercase(),
            "p%40ss%2Fw%26rd%20%C3%A9%27%22%3C1%3E".to_owned(),
            "p%40ss%2fw%26rd%20%c3%a9%27%22%3c1%3e".to_owned(),
            "p@ss%2Fw&rd%20%C3%A9'%22%3C1%3E".to_owned(),
            json.clone(),
            json.replace('/', "\\/"),
            "p@ss/w&rd \\u00e9'\\\"<1>".to_owned(),
            "p@ss/w&amp;rd é&#39;&quot;&lt;1&gt;".to_owned(),
            "p@ss/w&amp;rd é&#x27;&quot;&lt;1&gt;".to_owned(),
            BASE64_STANDARD.encode(VALUE),
            BASE64_URL_SAFE.encode(VALUE),
        ];
        for written in rows {
            let text = format!("before {written} after");
            let shown = secrets.hide(&text);
            assert!(shown.contains(MASK), "{text}");
            for part in ["p@ss", "p%40", "rd", &written[..5]] {
                assert!(!shown.contains(part), "{written}: {shown}");
            }
        }
    }

    #[test]
    fn base64_of_something_longer_shows_nothing_of_it() {
        let value = "correct-horse-battery";
        let secrets = Secrets::of([Arc::from(value)]);
        for before in ["", "u", "us", "user:", "a:b:"] {
            for after in ["", "!", "!!", "!!!"] {
                let encoded = BASE64_STANDARD.encode(format!("{before}{value}{after}"));
                let shown = secrets.hide(&encoded).into_owned();
                // What is left are the digits that it shares with its neighbours.
                let left = shown.replace(MASK, "");
                let neighbours = (before.len() + after.len()) * 4 / 3 + 8;
                assert!(shown.contains(MASK), "{before} {after}: {shown}");
                assert!(left.len() <= neighbours, "{before} {after}: {shown}");
            }
        }
    }

    #[test]
    fn an_empty_secret_and_a_short_one_mask_nothing() {
        let secrets = Secrets::of(["", "a", "123"].map(Arc::from));
        assert_eq!(secrets.hide("a 123 b"), "a 123 b");
        assert_eq!(secrets.value(2).map(|value| &**value), Some("123"));
        assert_eq!(secrets.value(3), None);
    }

    #[test]
    fn one_that_is_a_part_of_another_leaves_nothing_of_that() {
        let secrets = Secrets::of(["horse", "horse-battery"].map(Arc::from));
        assert_eq!(secrets.hide("a horse-battery, a horse"), "a ***, a ***");
        assert_eq!(format!("{secrets:?}"), "Secrets(2 not shown)");
    }
}
