//! Who is of which class, and who draws which task.

use serde_json::Value;

use super::{
    Kind,
    compare::{Comparison, Pair},
    path::{Path, below, name},
    rules::{Rules, Turn},
};
use crate::base::figures;

/// Weights with their names.
type Weights = Vec<(String, u64)>;

impl Comparison<'_> {
    /// The shares of the classes that both plans have.
    pub(super) fn user_shares(&mut self) {
        let old = portions(self.old.root.get("users"));
        let new = portions(self.new.root.get("users"));
        for (class, is) in &new {
            let Some((_, was)) = old.iter().find(|(other, _)| other == class) else {
                continue;
            };
            if was.is(is) {
                continue;
            }
            let at = Pair::default().key("users").key(class);
            let mut change = self.change(Kind::Changed, Some(&at.old), Some(&at.new));
            change.area = super::Area::Shares;
            change.what = "share".to_owned();
            change.values = [was, is].map(|portion| Some(portion.told().into()));
            let place = below(&at.new, name("weight"));
            change.places = [self.old.place(&place), self.new.place(&place)];
            self.show(change);
        }
    }

    /// The shares of the tasks that a class, a set or a step draws from.
    pub(super) fn draws(&mut self, at: &Pair) {
        let (old, new) = (
            weights(self.old.get(&at.old)),
            weights(self.new.get(&at.new)),
        );
        for task in self.keys_at(at) {
            let shares = [share(&old, &task), share(&new, &task)];
            let kind = match shares {
                [None, _] => Kind::Added,
                [_, None] => Kind::Removed,
                [Some(was), Some(is)] if was.is(&is) => continue,
                [Some(_), Some(_)] => Kind::Changed,
            };
            let path = below(&at.new, name(&task));
            let old_path: Path = below(&at.old, name(&task));
            let mut change = self.change(kind, Some(&old_path), Some(&path));
            change.what = format!("share of {task}");
            change.values = shares.map(|share| share.map(|share| share.told().into()));
            if kind == Kind::Added {
                let rules = Rules::new(self.old, self.new);
                let values = [None, self.new.get(&path)];
                change.risks = rules.values(&at.key(&task), values, Turn::Stays);
            }
            self.show(change);
        }
    }
}

/// How much of the whole.
#[derive(Clone, Copy, Debug)]
enum Portion {
    Share { weight: u64, of: u64 },
    Count(u64),
}

impl Portion {
    /// Whether both are the same, exactly.
    fn is(&self, other: &Portion) -> bool {
        match (self, other) {
            (Portion::Count(one), Portion::Count(other)) => one == other,
            (
                Portion::Share { weight, of },
                Portion::Share {
                    weight: other,
                    of: all,
                },
            ) => u128::from(*weight) * u128::from(*all) == u128::from(*other) * u128::from(*of),
            (Portion::Count(_), Portion::Share { .. })
            | (Portion::Share { .. }, Portion::Count(_)) => false,
        }
    }

    fn told(&self) -> String {
        match self {
            Portion::Share { of: 0, .. } => figures::share(0.0),
            Portion::Share { weight, of } => figures::share(*weight as f64 / *of as f64),
            Portion::Count(1) => "1 user".to_owned(),
            Portion::Count(count) => format!("{count} users"),
        }
    }
}

fn portions(users: Option<&Value>) -> Vec<(String, Portion)> {
    let Some(Value::Object(users)) = users else {
        return Vec::new();
    };
    let weight = |class: &Value| class.get("weight").and_then(Value::as_u64);
    let of: u64 = users.values().filter_map(weight).sum();
    let portion = |(name, class): (&String, &Value)| {
        let count = class.get("count").and_then(Value::as_u64);
        let portion = match (count, weight(class)) {
            (Some(count), _) => Portion::Count(count),
            (None, weight) => Portion::Share {
                weight: weight.unwrap_or(0),
                of,
            },
        };
        (name.clone(), portion)
    };
    users.iter().map(portion).collect()
}

fn weights(drawn: Option<&Value>) -> Weights {
    let Some(Value::Object(drawn)) = drawn else {
        return Vec::new();
    };
    let weight = |(task, weight): (&String, &Value)| (task.clone(), weight.as_u64().unwrap_or(0));
    drawn.iter().map(weight).collect()
}

fn share(weights: &Weights, task: &str) -> Option<Portion> {
    let of = weights.iter().map(|(_, weight)| weight).sum();
    let (_, weight) = weights.iter().find(|(name, _)| name == task)?;
    Some(Portion::Share {
        weight: *weight,
        of,
    })
}
