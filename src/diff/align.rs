//! Which step of one list is which of another.
//!
//! First the steps that stay in their order and are the same, or ask for the same;
//! then those that stand elsewhere; and of what is left between two that stayed, one
//! of a kind becomes the other.

use std::collections::HashMap;

use serde_json::Value;

use super::steps::{head, kind};

/// What became of a step. Places are from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pairing {
    /// It stays in its order, changed or not.
    Stays {
        old: usize,
        new: usize,
    },
    /// It stands elsewhere, changed or not.
    Moves {
        old: usize,
        new: usize,
    },
    Goes {
        old: usize,
    },
    Comes {
        new: usize,
    },
}

/// The most pairs that are compared: two lists of two thousand steps. In longer ones
/// only what stays at the beginning and at the end is found to stay.
const MAX_PAIRS: usize = 4_000_000;

/// Pairs two lists of steps: those of the new list in its order, and among them those
/// that went, where they were.
pub(super) fn align(old: &[Value], new: &[Value]) -> Vec<Pairing> {
    let mut known = Known::default();
    let old: Vec<Face> = old.iter().map(|step| known.face(step)).collect();
    let new: Vec<Face> = new.iter().map(|step| known.face(step)).collect();
    let mut pairs = stay(&old, &new);
    let mut partner = vec![None; new.len()];
    let mut free = vec![true; old.len()];
    for (old, new) in &pairs {
        partner[*new] = Some((*old, true));
        free[*old] = false;
    }
    // The same before what only asks for the same.
    for alike in [2, 1] {
        for place in 0..new.len() {
            let moved = |from: &usize| free[*from] && old[*from].alike(&new[place]) >= alike;
            if partner[place].is_none()
                && let Some(from) = (0..old.len()).find(moved)
            {
                partner[place] = Some((from, false));
                free[from] = false;
            }
        }
    }
    pairs.push((old.len(), new.len()));
    let mut from = (0, 0);
    for (old_end, new_end) in pairs {
        let mut next = from.0;
        for place in from.1..new_end {
            let becomes = |at: &usize| free[*at] && old[*at].kind == new[place].kind;
            if partner[place].is_none()
                && let Some(at) = (next..old_end).find(becomes)
            {
                partner[place] = Some((at, true));
                free[at] = false;
                next = at + 1;
            }
        }
        from = (old_end + 1, new_end + 1);
    }
    in_order(&partner, &free)
}

/// Puts what went before whatever came in its place.
fn in_order(partner: &[Option<(usize, bool)>], free: &[bool]) -> Vec<Pairing> {
    let mut out = Vec::new();
    let mut gone = (0..free.len()).filter(|old| free[*old]).peekable();
    // By place: the next step that stayed.
    let mut next = vec![free.len(); partner.len()];
    for (place, partner) in partner.iter().enumerate().rev() {
        next[place] = match (partner, next.get(place + 1)) {
            (Some((old, true)), _) => *old,
            (_, Some(next)) => *next,
            (_, None) => free.len(),
        };
    }
    for (new, partner) in partner.iter().enumerate() {
        while let Some(old) = gone.next_if(|gone| *gone < next[new]) {
            out.push(Pairing::Goes { old });
        }
        match *partner {
            Some((old, true)) => out.push(Pairing::Stays { old, new }),
            Some((old, false)) => out.push(Pairing::Moves { old, new }),
            None => out.push(Pairing::Comes { new }),
        }
    }
    out.extend(gone.map(|old| Pairing::Goes { old }));
    out
}

/// What steps are compared by: equal numbers for equal things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Face {
    whole: usize,
    head: usize,
    kind: usize,
}

impl Face {
    /// 2 for the same step, 1 for one that asks for the same, 0 for another.
    fn alike(&self, other: &Face) -> u32 {
        if self.whole == other.whole {
            2
        } else {
            u32::from(self.head == other.head)
        }
    }
}

/// Texts that were met, each with its number.
#[derive(Default)]
struct Known(HashMap<String, usize>);

impl Known {
    fn face(&mut self, step: &Value) -> Face {
        let (key, value) = head(step);
        Face {
            whole: self.number(format!("whole {}", in_order_of_keys(step))),
            head: self.number(format!("head {key} {}", in_order_of_keys(value))),
            kind: self.number(format!("kind {}", kind(key))),
        }
    }

    fn number(&mut self, text: String) -> usize {
        let next = self.0.len();
        *self.0.entry(text).or_insert(next)
    }
}

/// Equal texts for equal values, whatever the order of their keys.
fn in_order_of_keys(value: &Value) -> String {
    match value {
        Value::Object(keys) => {
            let mut parts: Vec<_> = keys
                .iter()
                .map(|(key, value)| format!("{key:?}:{}", in_order_of_keys(value)))
                .collect();
            parts.sort();
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(items) => {
            let parts: Vec<_> = items.iter().map(in_order_of_keys).collect();
            format!("[{}]", parts.join(","))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

/// The pairs that keep their order and are alike, as alike as they can be in all.
fn stay(old: &[Face], new: &[Face]) -> Vec<(usize, usize)> {
    let same = |(old, new): &(&Face, &Face)| old == new;
    let begin = old.iter().zip(new).take_while(same).count();
    let (old_rest, new_rest) = (&old[begin..], &new[begin..]);
    let end = old_rest.iter().rev().zip(new_rest.iter().rev());
    let end = end.take_while(same).count();
    let old_rest = &old_rest[..old_rest.len() - end];
    let new_rest = &new_rest[..new_rest.len() - end];

    let mut pairs: Vec<_> = (0..begin).map(|at| (at, at)).collect();
    let between = between(old_rest, new_rest).into_iter();
    pairs.extend(between.map(|(one, other)| (begin + one, begin + other)));
    pairs.extend(
        (0..end)
            .rev()
            .map(|back| (old.len() - 1 - back, new.len() - 1 - back)),
    );
    pairs
}

/// The longest common subsequence, where the same step counts more than one that
/// asks for the same.
fn between(old: &[Face], new: &[Face]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    if old.len().saturating_mul(new.len()) > MAX_PAIRS {
        return Vec::new();
    }
    // How alike the rests are that begin at a pair of places.
    let mut score = vec![0_u32; (old.len() + 1) * width];
    for one in (0..old.len()).rev() {
        for other in (0..new.len()).rev() {
            let alike = old[one].alike(&new[other]);
            let paired = score[(one + 1) * width + other + 1] + alike;
            let skipped = score[(one + 1) * width + other].max(score[one * width + other + 1]);
            let best = if alike > 0 {
                paired.max(skipped)
            } else {
                skipped
            };
            score[one * width + other] = best;
        }
    }
    let (mut one, mut other) = (0, 0);
    let mut pairs = Vec::new();
    while one < old.len() && other < new.len() {
        let alike = old[one].alike(&new[other]);
        let here = score[one * width + other];
        if alike > 0 && here == score[(one + 1) * width + other + 1] + alike {
            pairs.push((one, other));
            (one, other) = (one + 1, other + 1);
        } else if here == score[(one + 1) * width + other] {
            one += 1;
        } else {
            other += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// `a` is a step, `a1` another one that asks for the same; `w5` a wait.
    fn steps(text: &str) -> Vec<Value> {
        let step = |word: &str| match word.split_at(1) {
            ("w", time) => json!({ "wait": time }),
            (path, body) => json!({ "get": path, "body": body }),
        };
        text.split_whitespace().map(step).collect()
    }

    fn told(old: &str, new: &str) -> String {
        let told = align(&steps(old), &steps(new)).into_iter();
        let told = told.map(|pairing| match pairing {
            Pairing::Stays { old, new } => format!("{old}={new}"),
            Pairing::Moves { old, new } => format!("{old}>{new}"),
            Pairing::Goes { old } => format!("-{old}"),
            Pairing::Comes { new } => format!("+{new}"),
        });
        told.collect::<Vec<_>>().join(" ")
    }

    #[test]
    #[rustfmt::skip]
    fn steps_are_told_apart_by_what_they_are() {
        let rows = [
            ("nothing",                   "",          "",          ""),
            ("all the same",              "a b",       "a b",       "0=0 1=1"),
            ("one in the middle",         "a c",       "a b c",     "0=0 +1 1=2"),
            ("one less",                  "a b c",     "a c",       "0=0 -1 2=1"),
            ("one that changed",          "a b c",     "a b1 c",    "0=0 1=1 2=2"),
            ("one that became another",   "a b c",     "a d c",     "0=0 1=1 2=2"),
            ("one moved to the end",      "a b c",     "b c a",     "1=0 2=1 0>2"),
            ("one moved, and changed",    "a b c",     "b c a1",    "1=0 2=1 0>2"),
            ("two swapped",               "a b",       "b a",       "1=0 0>1"),
            ("a wait is no request",      "a w5 c",    "a d c",     "0=0 -1 +1 2=2"),
            ("a wait that changed",       "a w5 c",    "a w9 c",    "0=0 1=1 2=2"),
            ("twice the same, once less", "a w5 a w5", "a w5",      "0=0 1=1 -2 -3"),
            ("all gone",                  "a b",       "",          "-0 -1"),
        ];
        for (what, old, new, expected) in rows {
            let mut expected: Vec<_> = expected.split_whitespace().collect();
            let told = told(old, new);
            let mut told: Vec<_> = told.split_whitespace().collect();
            expected.sort_unstable();
            told.sort_unstable();
            assert_eq!(told, expected, "{what}");
        }
    }

    #[test]
    fn what_went_stands_where_it_was() {
        assert_eq!(told("a b c d", "a d"), "0=0 -1 -2 3=1");
        assert_eq!(told("a b", "b"), "-0 1=0");
        assert_eq!(told("a w5 c", "a d c"), "0=0 -1 +1 2=2");
    }

    #[test]
    fn lists_too_long_to_compare_keep_their_ends() {
        let many = |from: usize| -> Vec<Value> {
            let step = |at: usize| json!({ "get": format!("/{}", at.max(from)) });
            (0..3_000).map(step).collect()
        };
        let pairings = align(&many(0), &many(10));
        assert_eq!(pairings.len(), 3_000);
        let stays =
            |pairing: &&Pairing| matches!(pairing, Pairing::Stays { old, new } if old == new);
        assert_eq!(pairings.iter().filter(stays).count(), 3_000);
    }
}
