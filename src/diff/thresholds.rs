//! Thresholds: in any order, each against the one that measures the same.

use std::time::Duration;

use serde_json::Value;

use super::{
    Kind, Risk,
    compare::{Comparison, Pair},
    path::{below, name},
    words,
};
use crate::base::threshold::{Comparison as Sign, Limit, Threshold};

impl Comparison<'_> {
    /// Thresholds of a plan or of an environment, which has those of its plan unless
    /// it says otherwise.
    pub(super) fn thresholds(&mut self, at: &Pair) {
        let root = Pair::default().key("thresholds");
        let old = list(self.old.get(&at.old).or_else(|| self.old.get(&root.old)));
        let new = list(self.new.get(&at.new).or_else(|| self.new.get(&root.new)));
        let mut gone: Vec<_> = old.iter().filter(|one| !new.contains(one)).collect();
        for come in new.iter().filter(|one| !old.contains(one)) {
            let with_windows =
                |gone: &&&Threshold| measures_the_same(gone, come) && gone.over == come.over;
            let same = gone.iter().position(|gone| with_windows(&gone));
            let same = same.or_else(|| gone.iter().position(|gone| measures_the_same(gone, come)));
            let was = same.map(|at| gone.remove(at));
            self.threshold(at, was, Some(come));
        }
        for was in gone {
            self.threshold(at, Some(was), None);
        }
    }

    fn threshold(&mut self, at: &Pair, old: Option<&Threshold>, new: Option<&Threshold>) {
        let (kind, risk) = match (old, new) {
            (Some(_), None) => (Kind::Removed, Some(Risk::ThresholdRemoved)),
            (Some(old), Some(new)) => {
                let risk = is_looser(old, new).then_some(Risk::ThresholdLoosened);
                (Kind::Changed, risk)
            }
            (None, _) => (Kind::Added, None),
        };
        let values = [old, new].map(|threshold| threshold.map(ToString::to_string));
        let path = |text: &Option<String>| text.as_ref().map(|text| below(&at.new, name(text)));
        let paths = values.each_ref().map(path);
        let mut change = self.change(kind, None, None);
        let owner = super::subject::subject(self.new, &at.new);
        change.area = owner.area;
        change.subject = owner.parts;
        change.places = [(self.old, &paths[0]), (self.new, &paths[1])]
            .map(|(document, path)| path.as_ref().and_then(|path| document.place(path)));
        if let (Some(old), Some(new)) = (old, new) {
            change.note = words::factor(old.limit.number(), new.limit.number());
        }
        change.values = values.map(|text| text.map(Value::from));
        change.risks.extend(risk);
        self.show(change);
    }
}

fn list(value: Option<&Value>) -> Vec<Threshold> {
    let Some(Value::Array(texts)) = value else {
        return Vec::new();
    };
    let texts = texts.iter().filter_map(Value::as_str);
    texts.filter_map(|text| text.parse().ok()).collect()
}

/// Whether both hold the same number from the same side, in whatever windows.
fn measures_the_same(one: &Threshold, other: &Threshold) -> bool {
    one.basis == other.basis
        && one.metric == other.metric
        && one.of == other.of
        && one.stage == other.stage
        && one.limit.is_like(other.limit)
        && one.comparison.is_upper() == other.comparison.is_upper()
}

fn includes_the_limit(sign: Sign) -> bool {
    match sign {
        Sign::AtMost | Sign::AtLeast => true,
        Sign::Less | Sign::More => false,
    }
}

/// Whether the new one lets something pass that the old one does not.
fn is_looser(old: &Threshold, new: &Threshold) -> bool {
    let (was, is) = (old.limit.number(), new.limit.number());
    let beyond = if new.comparison.is_upper() {
        is > was
    } else {
        is < was
    };
    let includes = includes_the_limit(new.comparison) && !includes_the_limit(old.comparison);
    beyond || (was == is && includes) || has_looser_windows(old, new)
}

/// Whether what is bad for a while is lost in more that is good.
///
/// A number that grows with the time it is counted in is held to less in a shorter
/// window; all others to less in a longer one, and to least over the whole run.
fn has_looser_windows(old: &Threshold, new: &Threshold) -> bool {
    let length = |threshold: &Threshold| threshold.over.unwrap_or(Duration::MAX);
    let grows = matches!(new.limit, Limit::Count(_) | Limit::Size(_));
    match grows && new.comparison.is_upper() {
        true => length(new) < length(old),
        false => length(new) > length(old),
    }
}
