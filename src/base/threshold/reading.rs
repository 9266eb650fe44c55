//! Takes the text of a threshold apart, and says what is wrong with it.

use std::{fmt, ops::Range, str::FromStr, time::Duration};

use super::{Basis, Comparison, Limit, Metric, Of, Threshold};
use crate::base::{duration, nearest::nearest};

/// Why a text is not a threshold, and which part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAThreshold {
    /// Bytes of the text.
    pub range: Range<usize>,
    pub message: String,
    /// A word that was probably meant.
    pub proposal: Option<String>,
}

/// Names of metrics that are proposed for a word that is none.
const METRICS: [&str; 13] = [
    "errors", "rate", "mean", "max", "min", "dropped", "skipped", "bytes", "p50", "p90", "p95",
    "p99", "service",
];

/// The metrics, for whoever wrote another one.
const ALL_METRICS: &str = "errors, rate, p1 … p99.99, mean, max, min, dropped, skipped and bytes";

/// Words with a meaning: as a name they are quoted.
const KEYWORDS: [&str; 7] = ["of", "group", "class", "in", "stage", "over", "abort"];

/// What may follow a metric.
const AFTER_A_METRIC: &str = "`of \"NAME\"`, `in stage NAME` or one of < <= > >=";

/// Whether a name needs no quotes.
pub(super) fn is_plain(name: &str) -> bool {
    let is_of_words = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    !name.is_empty() && name.chars().all(is_of_words) && !KEYWORDS.contains(&name)
}

impl FromStr for Threshold {
    type Err = NotAThreshold;

    fn from_str(text: &str) -> Result<Threshold, NotAThreshold> {
        let mut words = Words { text, at: 0 };
        let first = words.next("a metric: errors, rate, p1 … p99.99, mean, max …")?;
        let (basis, service, word) = match first.text {
            "service" => {
                let metric = words.next("a metric of times: p1 … p99.99, mean, max or min")?;
                (Basis::Service, Some(first), metric)
            }
            _ => (Basis::Response, None, first),
        };
        let metric = metric(&word)?;
        if let Some(service) = service.filter(|_| !metric.is_of_times()) {
            return Err(service.wrong(format!(
                "`service` is about times and `{metric}` is none: leave it out"
            )));
        }
        let (of, of_word) = match words.takes("of") {
            Some(_) => of(&mut words)?,
            None => (Of::All, None),
        };
        if let Some(word) = of_word {
            fits(metric, &of, &word)?;
        }
        let stage = match words.takes("in") {
            Some(within) => Some(stage(&mut words, &within)?),
            None => None,
        };
        let comparison = comparison(&mut words)?;
        let limit_word = words.next("a limit")?;
        let limit =
            Limit::read(metric, limit_word.text).map_err(|message| limit_word.wrong(message))?;
        let over = match words.takes("over") {
            Some(_) => Some(window(&mut words)?),
            None => None,
        };
        let abort = words.takes("abort");
        words.end()?;
        let threshold = Threshold {
            basis,
            metric,
            of,
            stage,
            comparison,
            limit,
            over,
            abort: abort.is_some(),
        };
        match abort {
            Some(abort) if over.is_none() && threshold.begins_broken() => {
                Err(abort.wrong(format!(
                    "`{metric}` begins at 0 and grows, so that this would end every run as it \
                     begins: leave `abort` out"
                )))
            }
            Some(_) | None => Ok(threshold),
        }
    }
}

fn metric(word: &Word<'_>) -> Result<Metric, NotAThreshold> {
    let known = match word.text {
        "errors" => Some(Metric::Errors),
        "rate" => Some(Metric::Rate),
        "mean" => Some(Metric::Mean),
        "max" => Some(Metric::Max),
        "min" => Some(Metric::Min),
        "dropped" => Some(Metric::Dropped),
        "skipped" => Some(Metric::Skipped),
        "bytes" => Some(Metric::Bytes),
        "response" => {
            return Err(word.wrong("response times are meant without a word: leave it out"));
        }
        text => percentile(text),
    };
    known.ok_or_else(|| {
        let message = format!("`{}` is no metric; there are {ALL_METRICS}", word.text);
        word.wrong(message).meant(nearest(word.text, METRICS))
    })
}

fn percentile(word: &str) -> Option<Metric> {
    let digits = word.strip_prefix('p')?;
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    let percent: f64 = plain.then(|| digits.parse().ok())??;
    (percent > 0.0 && percent < 100.0).then_some(Metric::Percentile(percent))
}

/// What follows `of`, with the word that says it.
fn of<'a>(words: &mut Words<'a>) -> Result<(Of, Option<Word<'a>>), NotAThreshold> {
    let word = words
        .next("a request name in double quotes, `group NAME`, `class NAME` or `iteration CLASS`")?;
    let of = match word.text {
        "group" => Of::Group(name(words, "the name of a group")?),
        "class" => Of::Class(name(words, "the name of a class")?),
        "iteration" => Of::Iteration(name(words, "the name of a class")?),
        text => match unquoted(text) {
            Some(name) => Of::Name(name.to_owned()),
            None => {
                let message = "the request name goes in double quotes, as in `of \"GET /\"`; \
                               else there are `of group NAME`, `of class NAME` and `of iteration CLASS`";
                return Err(word
                    .wrong(message)
                    .meant(nearest(text, ["group", "class", "iteration"])));
            }
        },
    };
    Ok((of, Some(word)))
}

/// Whether the metric is one of what it is asked of.
fn fits(metric: Metric, of: &Of, word: &Word<'_>) -> Result<(), NotAThreshold> {
    let known = match (metric, of) {
        (Metric::Skipped, Of::All) | (_, Of::All) => return Ok(()),
        (Metric::Skipped, _) => "of all steps together",
        (Metric::Dropped, Of::Name(_) | Of::Group(_) | Of::Iteration(_)) => {
            "of the whole run and of a class"
        }
        (Metric::Bytes, Of::Group(_) | Of::Iteration(_)) => {
            "of the whole run, of a request name and of a class"
        }
        (
            Metric::Errors
            | Metric::Rate
            | Metric::Percentile(_)
            | Metric::Mean
            | Metric::Max
            | Metric::Min
            | Metric::Dropped
            | Metric::Bytes,
            Of::Name(_) | Of::Group(_) | Of::Class(_) | Of::Iteration(_),
        ) => return Ok(()),
    };
    Err(word.wrong(format!("`{metric}` is known {known} only")))
}

fn stage(words: &mut Words<'_>, within: &Word<'_>) -> Result<String, NotAThreshold> {
    if words.takes("stage").is_none() {
        let message = "`in` is followed by `stage` and its name, as in `in stage hold`";
        return Err(within.wrong(message));
    }
    name(words, "the name of a stage")
}

/// A name in quotes, or as one plain word.
fn name(words: &mut Words<'_>, expected: &str) -> Result<String, NotAThreshold> {
    let word = words.next(expected)?;
    match unquoted(word.text) {
        Some(name) => Ok(name.to_owned()),
        None if is_plain(word.text) => Ok(word.text.to_owned()),
        None => Err(word.wrong(format!(
            "expected {expected}, found `{}`; what is no plain word goes in double quotes",
            word.text
        ))),
    }
}

fn unquoted(word: &str) -> Option<&str> {
    let name = word.strip_prefix('"')?.strip_suffix('"')?;
    (!name.is_empty()).then_some(name)
}

fn comparison(words: &mut Words<'_>) -> Result<Comparison, NotAThreshold> {
    let word = words.next(AFTER_A_METRIC)?;
    match word.text {
        "<" => Ok(Comparison::Less),
        "<=" => Ok(Comparison::AtMost),
        ">" => Ok(Comparison::More),
        ">=" => Ok(Comparison::AtLeast),
        "of" => Err(word.wrong("`of` comes before `in stage`")),
        "over" => Err(word.wrong("`over` follows the limit, as in `p95 < 300ms over 5m`")),
        "abort" => Err(word.wrong("`abort` comes last, as in `p95 < 300ms abort`")),
        text => {
            let message = format!("expected {AFTER_A_METRIC}, found `{text}`");
            Err(word.wrong(message).meant(nearest(text, ["of", "in"])))
        }
    }
}

/// The length of a window.
fn window(words: &mut Words<'_>) -> Result<Duration, NotAThreshold> {
    let word = words.next("the length of a window, such as 5m")?;
    let length = duration::parse(word.text).map_err(|why| {
        let text = word.text;
        word.wrong(format!(
            "`{text}` is not a window's length: {why}; valid are 30s or 5m"
        ))
    })?;
    if length.is_zero() || length.subsec_nanos() > 0 {
        return Err(word.wrong("a window has whole seconds, and at least one"));
    }
    Ok(length)
}

impl NotAThreshold {
    fn meant(mut self, proposal: Option<&str>) -> NotAThreshold {
        self.proposal = proposal.map(str::to_owned);
        self
    }
}

/// A word and where it stands.
struct Word<'a> {
    text: &'a str,
    range: Range<usize>,
}

impl Word<'_> {
    fn wrong(&self, message: impl Into<String>) -> NotAThreshold {
        NotAThreshold {
            range: self.range.clone(),
            message: message.into(),
            proposal: None,
        }
    }
}

/// The words of a threshold; operators need no spaces around them, and a quoted
/// name is one word with its quotes.
struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    fn next(&mut self, expected: &str) -> Result<Word<'a>, NotAThreshold> {
        let word = self.peek().ok_or_else(|| NotAThreshold {
            range: 0..self.text.len(),
            message: format!("the threshold ends where {expected} should follow"),
            proposal: None,
        })?;
        self.at = word.range.end;
        Ok(word)
    }

    /// The next word if it is this one.
    fn takes(&mut self, text: &str) -> Option<Word<'a>> {
        let word = self.peek().filter(|word| word.text == text)?;
        self.at = word.range.end;
        Some(word)
    }

    fn peek(&self) -> Option<Word<'a>> {
        let rest = &self.text[self.at..];
        let from = self.at + rest.len() - rest.trim_start().len();
        let rest = &self.text[from..];
        let length = match rest.chars().next()? {
            '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            '<' | '>' => 1 + usize::from(rest[1..].starts_with('=')),
            _ => {
                let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"');
                rest.find(ends).unwrap_or(rest.len())
            }
        };
        let range = from..from + length;
        Some(Word {
            text: &self.text[range.clone()],
            range,
        })
    }

    fn end(&self) -> Result<(), NotAThreshold> {
        let Some(word) = self.peek() else {
            return Ok(());
        };
        let rest = self.text[word.range.start..].trim_end();
        let range = word.range.start..word.range.start + rest.len();
        let message = match word.text {
            "of" | "in" => format!(
                "`{}` comes before the limit, as in `p95 of \"GET /\" in stage hold < 300ms`",
                word.text
            ),
            "over" => "`over` comes before `abort`, and once".to_owned(),
            _ => {
                format!("nothing may follow the limit but `over TIME` and `abort`, found `{rest}`")
            }
        };
        let proposal = nearest(word.text, ["over", "abort"]);
        Err(NotAThreshold {
            range,
            message,
            proposal: None,
        }
        .meant(proposal.filter(|near| *near != word.text)))
    }
}

impl fmt::Display for NotAThreshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for NotAThreshold {}
