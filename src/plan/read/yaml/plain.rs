//! What an unquoted YAML scalar is, by the core schema of YAML 1.2.
//!
//! `no`, `yes`, `on` and `off` are texts, as they have been since 2009, so the
//! country Norway survives; so are `1_000` and `12:30`.

use crate::plan::read::node::ScalarKind;

/// The kind of an unquoted scalar.
pub(in crate::plan) fn resolve(text: &str) -> ScalarKind {
    match text {
        "" => return ScalarKind::Empty,
        "~" | "null" | "Null" | "NULL" => return ScalarKind::Null,
        "true" | "True" | "TRUE" => return ScalarKind::Bool(true),
        "false" | "False" | "FALSE" => return ScalarKind::Bool(false),
        _ => {}
    }
    if is_integer(text) {
        // A number beyond 64 bits keeps its digits as text rather than losing some.
        return integer(text).map_or(ScalarKind::Text, ScalarKind::Int);
    }
    float(text).map_or(ScalarKind::Text, ScalarKind::Float)
}

fn is_integer(text: &str) -> bool {
    let all = |digits: &str, valid: fn(&char) -> bool| {
        !digits.is_empty() && digits.chars().all(|c| valid(&c))
    };
    if let Some(digits) = text.strip_prefix("0o") {
        return all(digits, |c| c.is_digit(8));
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return all(digits, char::is_ascii_hexdigit);
    }
    all(text.strip_prefix(['-', '+']).unwrap_or(text), |c| {
        c.is_ascii_digit()
    })
}

fn integer(text: &str) -> Option<i64> {
    if let Some(digits) = text.strip_prefix("0o") {
        return i64::from_str_radix(digits, 8).ok();
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return i64::from_str_radix(digits, 16).ok();
    }
    text.parse().ok()
}

fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    match unsigned {
        ".inf" | ".Inf" | ".INF" if text.starts_with('-') => return Some(f64::NEG_INFINITY),
        ".inf" | ".Inf" | ".INF" => return Some(f64::INFINITY),
        _ => {}
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(f64::NAN);
    }
    // Rust also reads `inf`, `nan` and `infinity`, which YAML does not.
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let exponent_holds = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    let mantissa_holds = digits(whole) && digits(fraction) && whole.len() + fraction.len() > 0;
    (mantissa_holds && exponent_holds)
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn scalars_are_what_the_core_schema_says() {
        let rows = [
            ("",        ScalarKind::Empty),
            ("~",       ScalarKind::Null),
            ("null",    ScalarKind::Null),
            ("true",    ScalarKind::Bool(true)),
            ("FALSE",   ScalarKind::Bool(false)),
            ("no",      ScalarKind::Text),
            ("yes",     ScalarKind::Text),
            ("on",      ScalarKind::Text),
            ("tRUE",    ScalarKind::Text),
            ("007",     ScalarKind::Int(7)),
            ("-12",     ScalarKind::Int(-12)),
            ("+3",      ScalarKind::Int(3)),
            ("0o17",    ScalarKind::Int(15)),
            ("0xfF",    ScalarKind::Int(255)),
            ("0x",      ScalarKind::Text),
            ("1_000",   ScalarKind::Text),
            ("12:30",   ScalarKind::Text),
            ("99999999999999999999", ScalarKind::Text),
            ("1.5",     ScalarKind::Float(1.5)),
            (".5",      ScalarKind::Float(0.5)),
            ("1.",      ScalarKind::Float(1.0)),
            ("1e3",     ScalarKind::Float(1000.0)),
            ("-.inf",   ScalarKind::Float(f64::NEG_INFINITY)),
            ("inf",     ScalarKind::Text),
            ("nan",     ScalarKind::Text),
            (".",       ScalarKind::Text),
            ("e3",      ScalarKind::Text),
            ("1e",      ScalarKind::Text),
            ("5s",      ScalarKind::Text),
            ("-",       ScalarKind::Text),
            ("1.2.3",   ScalarKind::Text),
        ];
        for (text, kind) in rows {
            assert_eq!(resolve(text), kind, "{text}");
        }
    }
}
