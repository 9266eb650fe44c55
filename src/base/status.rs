//! Sets of status codes: `200`, `2xx`, `[200, 302]`, `ok`.

use std::{fmt, str::FromStr};

/// Which status codes are expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusSet(Vec<StatusRange>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StatusRange {
    /// `ok`: anything below 400.
    Ok,
    /// `2xx`
    Class(u16),
    /// `200`
    One(u16),
}

impl StatusSet {
    /// The built-in default: below 400.
    pub fn ok() -> StatusSet {
        StatusSet(vec![StatusRange::Ok])
    }

    /// All the codes of several sets.
    pub fn any_of(sets: impl IntoIterator<Item = StatusSet>) -> StatusSet {
        StatusSet(sets.into_iter().flat_map(|set| set.0).collect())
    }

    /// Each of its parts as a plan spells it: `200`, `2xx`, `ok`.
    pub fn spellings(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|range| match range {
            StatusRange::Ok => "ok".to_owned(),
            StatusRange::Class(class) => format!("{class}xx"),
            StatusRange::One(one) => one.to_string(),
        })
    }

    /// Whether `status` is in the set.
    pub fn contains(&self, status: u16) -> bool {
        self.0.iter().any(|range| match range {
            StatusRange::Ok => status < 400,
            StatusRange::Class(class) => status / 100 == *class,
            StatusRange::One(one) => status == *one,
        })
    }
}

/// A text that names no status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAStatus;

impl FromStr for StatusSet {
    type Err = NotAStatus;

    fn from_str(text: &str) -> Result<StatusSet, NotAStatus> {
        let range = match text {
            "ok" => StatusRange::Ok,
            "1xx" | "2xx" | "3xx" | "4xx" | "5xx" => {
                StatusRange::Class(u16::from(text.as_bytes()[0] - b'0'))
            }
            _ => match text.parse() {
                Ok(code @ 100..=599) => StatusRange::One(code),
                _ => return Err(NotAStatus),
            },
        };
        Ok(StatusSet(vec![range]))
    }
}

impl fmt::Display for StatusSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, range) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" or ")?;
            }
            match range {
                StatusRange::Ok => f.write_str("below 400")?,
                StatusRange::Class(class) => write!(f, "{class}xx")?,
                StatusRange::One(one) => write!(f, "{one}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for NotAStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a status is a code like 200, a class like 2xx, `ok` (below 400), or a list of these",
        )
    }
}

impl std::error::Error for NotAStatus {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn sets_hold_what_they_say() {
        //  text    in          not in
        let rows = [
            ("ok",  vec![200, 302, 399], vec![400, 500]),
            ("2xx", vec![200, 299],      vec![199, 300]),
            ("404", vec![404],           vec![403, 405]),
        ];
        for (text, inside, outside) in rows {
            let set: StatusSet = text.parse().unwrap();
            assert!(inside.iter().all(|code| set.contains(*code)), "{text}");
            assert!(!outside.iter().any(|code| set.contains(*code)), "{text}");
            assert_eq!(set.spellings().collect::<Vec<_>>(), [text]);
        }
        for wrong in ["", "6xx", "20", "2XX", "okay", "99999", "-200"] {
            assert_eq!(wrong.parse::<StatusSet>(), Err(NotAStatus), "{wrong}");
        }
    }
}
