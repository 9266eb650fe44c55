//! Thresholds: `p99 of "POST /{post_id}/delete" < 1s`.
//!
//! The grammar is `METRIC [of "NAME"] OP VALUE`. This file knows what the words
//! mean and which unit goes with which metric; `stats` measures, and decides.

use std::{fmt, ops::Range, str::FromStr, time::Duration};

use super::{duration, nearest::nearest};

/// A promise about a run that its numbers keep or break. Two are equal however
/// they were spelled.
#[derive(Clone, Debug)]
pub struct Threshold {
    pub metric: Metric,
    /// The request name it is about; `None` for all of them together.
    pub of: Option<String>,
    pub comparison: Comparison,
    pub limit: Limit,
    /// Where the quoted name stands in the text, for messages.
    of_range: Range<usize>,
}

/// Names of metrics that are proposed for a word that is none.
const METRICS: [&str; 8] = ["errors", "rate", "mean", "max", "p50", "p90", "p95", "p99"];

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Metric {
    /// Failed ÷ (ok + failed).
    Errors,
    /// Requests per second.
    Rate,
    /// A percentile of response times, in percent.
    Percentile(f64),
    /// The arithmetic mean of response times.
    Mean,
    /// The longest response time.
    Max,
}

/// How the measured value stands to the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Less,
    AtMost,
    More,
    AtLeast,
}

/// The limit, in the unit of its metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// A share of 1: `0.1%` is 0.001.
    Share(f64),
    /// Per second.
    Rate(f64),
    /// A response time.
    Time(Duration),
}

impl Threshold {
    /// What a plan without thresholds is judged by.
    pub fn default_of_a_plan() -> Threshold {
        "errors < 1%".parse().expect("the default is valid")
    }

    /// Whether a value, in the unit of the limit (share, per second, or
    /// microseconds), keeps the promise.
    pub fn holds(&self, measured: f64) -> bool {
        let limit = match self.limit {
            Limit::Share(share) => share,
            Limit::Rate(rate) => rate,
            Limit::Time(time) => time.as_nanos() as f64 / 1_000.0,
        };
        match self.comparison {
            Comparison::Less => measured < limit,
            Comparison::AtMost => measured <= limit,
            Comparison::More => measured > limit,
            Comparison::AtLeast => measured >= limit,
        }
    }

    /// Where the name of `of "NAME"` stands in the text this was read from.
    pub fn of_range(&self) -> Range<usize> {
        self.of_range.clone()
    }
}

impl PartialEq for Threshold {
    fn eq(&self, other: &Threshold) -> bool {
        // Named one by one, so that a new part cannot be forgotten here.
        let Threshold {
            metric,
            of,
            comparison,
            limit,
            of_range: _,
        } = self;
        *metric == other.metric
            && *of == other.of
            && *comparison == other.comparison
            && *limit == other.limit
    }
}

/// Why a text is not a threshold, and which part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAThreshold {
    /// Bytes of the text.
    pub range: Range<usize>,
    pub message: String,
    /// A word that was probably meant.
    pub proposal: Option<String>,
}

impl FromStr for Threshold {
    type Err = NotAThreshold;

    fn from_str(text: &str) -> Result<Threshold, NotAThreshold> {
        let mut words = Words { text, at: 0 };

        let (range, word) = words.next("a metric: errors, rate, p1 … p99.99, mean or max")?;
        let metric = metric(word).ok_or_else(|| NotAThreshold {
            range,
            message: format!(
                "`{word}` is no metric; there are errors, rate, p1 … p99.99, mean and max"
            ),
            proposal: nearest(word, METRICS).map(str::to_owned),
        })?;

        let expected = "`of \"NAME\"` or one of < <= > >=";
        let (mut range, mut word) = words.next(expected)?;
        let mut of = None;
        let mut of_range = 0..0;
        if word == "of" {
            let (quoted_range, quoted) = words.next("a request name in double quotes")?;
            let name = quoted
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'))
                .filter(|name| !name.is_empty())
                .ok_or_else(|| NotAThreshold {
                    range: quoted_range.clone(),
                    message: "the request name goes in double quotes, as in `of \"GET /\"`"
                        .to_owned(),
                    proposal: None,
                })?;
            of = Some(name.to_owned());
            of_range = quoted_range;
            (range, word) = words.next("one of < <= > >=")?;
        }
        let comparison = match word {
            "<" => Comparison::Less,
            "<=" => Comparison::AtMost,
            ">" => Comparison::More,
            ">=" => Comparison::AtLeast,
            _ => {
                return Err(NotAThreshold {
                    range,
                    message: format!("expected {expected}, found `{word}`"),
                    proposal: None,
                });
            }
        };

        let (range, word) = words.next("a limit")?;
        let limit = limit(metric, word).map_err(|message| NotAThreshold {
            range,
            message,
            proposal: None,
        })?;
        words.end()?;
        Ok(Threshold {
            metric,
            of,
            comparison,
            limit,
            of_range,
        })
    }
}

/// The words of a threshold; operators need no spaces around them, and a quoted
/// name is one word with its quotes.
struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    fn next(&mut self, expected: &str) -> Result<(Range<usize>, &'a str), NotAThreshold> {
        self.skip_spaces();
        let rest = &self.text[self.at..];
        let length = match rest.chars().next() {
            None => {
                return Err(NotAThreshold {
                    range: 0..self.text.len(),
                    message: format!("the threshold ends where {expected} should follow"),
                    proposal: None,
                });
            }
            Some('"') => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            Some('<' | '>') => 1 + usize::from(rest[1..].starts_with('=')),
            Some(_) => rest.find([' ', '<', '>', '"']).unwrap_or(rest.len()),
        };
        let range = self.at..self.at + length;
        self.at += length;
        Ok((range.clone(), &self.text[range]))
    }

    fn end(&mut self) -> Result<(), NotAThreshold> {
        self.skip_spaces();
        if self.at == self.text.len() {
            return Ok(());
        }
        Err(NotAThreshold {
            range: self.at..self.text.len(),
            message: format!(
                "nothing may follow the limit, found `{}`",
                &self.text[self.at..]
            ),
            proposal: None,
        })
    }

    fn skip_spaces(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }
}

fn metric(word: &str) -> Option<Metric> {
    match word {
        "errors" => Some(Metric::Errors),
        "rate" => Some(Metric::Rate),
        "mean" => Some(Metric::Mean),
        "max" => Some(Metric::Max),
        _ => {
            let digits = word.strip_prefix('p')?;
            let plain = digits.starts_with(|c: char| c.is_ascii_digit())
                && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
            let percent: f64 = plain.then(|| digits.parse().ok())??;
            (percent > 0.0 && percent < 100.0).then_some(Metric::Percentile(percent))
        }
    }
}

fn limit(metric: Metric, word: &str) -> Result<Limit, String> {
    let number = |text: &str| {
        text.parse::<f64>()
            .ok()
            .filter(|n| n.is_finite() && *n >= 0.0)
    };
    match metric {
        Metric::Errors => word
            .strip_suffix('%')
            .and_then(number)
            .filter(|percent| *percent <= 100.0)
            .map(|percent| Limit::Share(percent / 100.0))
            .ok_or_else(|| {
                format!("`errors` is compared with a percentage such as 0.1%, not with `{word}`")
            }),
        Metric::Rate => word
            .strip_suffix("/s")
            .and_then(number)
            .map(Limit::Rate)
            .ok_or_else(|| {
                format!(
                    "`rate` is compared with requests per second such as 50/s, not with `{word}`"
                )
            }),
        Metric::Percentile(_) | Metric::Mean | Metric::Max => {
            duration::parse(word).map(Limit::Time).map_err(|why| {
                format!("`{word}` is not a response time: {why}; valid are 300ms or 2s")
            })
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Metric::Errors => f.write_str("errors"),
            Metric::Rate => f.write_str("rate"),
            Metric::Percentile(percent) => write!(f, "p{percent}"),
            Metric::Mean => f.write_str("mean"),
            Metric::Max => f.write_str("max"),
        }
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.metric)?;
        if let Some(name) = &self.of {
            write!(f, " of \"{name}\"")?;
        }
        let sign = match self.comparison {
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
            Comparison::More => ">",
            Comparison::AtLeast => ">=",
        };
        write!(f, " {sign} ")?;
        match self.limit {
            // Twelve significant digits hide what binary fractions add to 0.1 %.
            Limit::Share(share) => write!(f, "{}%", (share * 1e14).round() / 1e12),
            Limit::Rate(rate) => write!(f, "{rate}/s"),
            Limit::Time(time) => f.write_str(&duration::text(time)),
        }
    }
}

impl fmt::Display for NotAThreshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for NotAThreshold {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_prints_back_in_one_spelling() {
        let rows = [
            ("errors < 0.1%", "errors < 0.1%"),
            ("p95<300ms", "p95 < 300ms"),
            ("p99.99 <= 1500ms", "p99.99 <= 1s500ms"),
            (
                "p99 of \"POST /{post_id}/delete\" < 1s",
                "p99 of \"POST /{post_id}/delete\" < 1s",
            ),
            ("rate of \"GET /\">=50.5/s", "rate of \"GET /\" >= 50.5/s"),
            ("mean > 1ms", "mean > 1ms"),
            ("max < 10s", "max < 10s"),
        ];
        for (text, printed) in rows {
            let threshold: Threshold = text.parse().unwrap();
            assert_eq!(threshold.to_string(), printed);
            assert_eq!(printed.parse(), Ok(threshold), "{text}");
        }
    }

    #[test]
    fn a_mistake_is_pointed_at() {
        let rows = [
            ("p95 < 300", "300", None),
            ("error < 1%", "error", Some("errors")),
            ("errors < 3", "3", None),
            ("errors < 101%", "101%", None),
            ("p100 < 1s", "p100", None),
            ("p95 = 1s", "=", None),
            ("p95 of GET / < 1s", "GET", None),
            ("p95 of \"\" < 1s", "\"\"", None),
            ("p95 < 1s soon", "soon", None),
            ("p95", "p95", None),
            ("rate > 5", "5", None),
        ];
        for (text, part, proposal) in rows {
            let error = text.parse::<Threshold>().unwrap_err();
            assert_eq!(&text[error.range.clone()], part, "{text}: {error}");
            assert_eq!(error.proposal.as_deref(), proposal, "{text}");
        }
        assert!("".parse::<Threshold>().is_err());
    }

    #[test]
    fn a_limit_is_met_or_not() {
        let holds = |text: &str, measured| text.parse::<Threshold>().unwrap().holds(measured);
        assert!(holds("errors < 0.1%", 0.0009));
        assert!(!holds("errors < 0.1%", 0.001));
        assert!(holds("errors <= 0%", 0.0));
        assert!(holds("p95 < 300ms", 299_999.0));
        assert!(!holds("p95 < 300ms", 300_000.0));
        assert!(holds("rate >= 50/s", 50.0));
        assert!(!holds("rate > 50/s", 50.0));
    }
}
