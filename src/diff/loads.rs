//! How much when: which changes of a load are more of it, and its stages one by one.

use serde_json::Value;

use super::{
    compare::{Comparison, Pair},
    words::{alike, amount},
};

impl Comparison<'_> {
    /// Stages by their place, as long as they do the same things in the same order; else
    /// all of them as one line.
    pub(super) fn stages(&mut self, at: &Pair) {
        let list = |value: Option<&Value>| match value {
            Some(Value::Array(stages)) => stages.clone(),
            _ => Vec::new(),
        };
        let old = list(self.old.get(&at.old));
        let new = list(self.new.get(&at.new));
        let text = |stage: &Value| Some(Value::from(in_words(stage)));
        if old.iter().map(deed).eq(new.iter().map(deed)) {
            for (place, (was, is)) in old.iter().zip(&new).enumerate() {
                if was != is {
                    self.value(&at.key(&place.to_string()), [text(was), text(is)]);
                }
            }
            return;
        }
        let line = |stages: &[Value]| {
            let texts: Vec<String> = stages.iter().map(in_words).collect();
            (!texts.is_empty()).then(|| Value::from(texts.join(", ")))
        };
        self.value(at, [line(&old), line(&new)]);
    }
}

/// Whether a change of a key below `load` is more load: more users or arrivals, for
/// longer, or sooner.
pub(super) fn is_more(key: &[&str], old: Option<&Value>, new: Option<&Value>) -> bool {
    let both = match (old, new) {
        (Some(old), Some(new)) if alike(old, new) => amount(old).zip(amount(new)),
        _ => None,
    };
    let rises = both.is_some_and(|(old, new)| new > old);
    match key {
        ["users" | "arrivals" | "max_users"] => rises,
        // Without a limit there is no end, or another one.
        ["iterations" | "per_user" | "duration"] => rises || (old.is_some() && new.is_none()),
        ["ramp_up"] => {
            let old = old.and_then(amount);
            old.is_some_and(|old| new.and_then(amount).unwrap_or(0.0) < old)
        }
        ["steps", "from" | "to" | "hold"] => rises,
        ["steps", "over"] => both.is_some_and(|(old, new)| new < old),
        ["find", "to" | "hold"] => rises,
        _ => false,
    }
}

/// Whether stages are more load than others: in one of them, or all together.
pub(super) fn are_more(old: &[Value], new: &[Value]) -> bool {
    let (old, new) = (Total::of(old), Total::of(new));
    new.peak > old.peak || new.area > old.area
}

/// Whether one stage is more load than the one in its place.
pub(super) fn is_more_stage(old: &Value, new: &Value) -> bool {
    let of = |stage: &Value, key: &str| stage.get(key).and_then(amount);
    let pair = |key: &str| of(old, key).zip(of(new, key));
    let rises = |key: &str| pair(key).is_some_and(|(old, new)| new > old);
    let falls = |key: &str| pair(key).is_some_and(|(old, new)| new < old);
    rises("to") || rises("hold") || falls("pause") || (rises_to(new) && falls("over"))
}

/// Whether a stage goes to any level above 0.
fn rises_to(stage: &Value) -> bool {
    stage.get("to").and_then(amount).is_some_and(|to| to > 0.0)
}

/// What stages come to.
#[derive(Default)]
struct Total {
    peak: f64,
    /// Levels times seconds.
    area: f64,
}

impl Total {
    fn of(stages: &[Value]) -> Total {
        let mut total = Total::default();
        let mut level = 0.0;
        for stage in stages {
            let of = |key: &str| stage.get(key).and_then(amount);
            if let Some(to) = of("to") {
                total.area += (level + to) / 2.0 * of("over").unwrap_or(0.0);
                level = to;
            }
            total.area += level * of("hold").unwrap_or(0.0);
            total.peak = total.peak.max(level);
        }
        total
    }
}

/// What a stage does, whatever the numbers.
fn deed(stage: &Value) -> Option<&'static str> {
    ["to", "hold", "pause"]
        .into_iter()
        .find(|key| stage.get(key).is_some())
}

/// `to 100 users over 5m`, `hold 1m (before)`
fn in_words(stage: &Value) -> String {
    let of = |key: &str| stage.get(key).and_then(Value::as_str);
    let text = match (of("to"), of("hold"), of("pause")) {
        (Some(level), ..) => format!("to {level} over {}", of("over").unwrap_or_default()),
        (_, Some(time), _) => format!("hold {time}"),
        (.., Some(time)) => format!("pause {time}"),
        (None, None, None) => String::new(),
    };
    let steady = stage.get("steady").is_some_and(|steady| *steady == true);
    let named = of("name").into_iter().chain(steady.then_some("steady"));
    match named.collect::<Vec<_>>().as_slice() {
        [] => text,
        notes => format!("{text} ({})", notes.join(", ")),
    }
}
