//! One change, and all of them.

use std::{collections::BTreeSet, path::PathBuf};

use serde_json::Value;

use super::Risk;

/// All that is different between two plans; nothing if they mean the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    /// By area, and in each as the plan has it.
    pub changes: Vec<Change>,
}

/// Something that one plan says and the other does not, or otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub area: Area,
    pub kind: Kind,
    /// Whose it is, from the outside in: `class editor`, `step 2 POST /create`.
    pub subject: Vec<Part>,
    /// Which key of that; empty if it is the subject itself.
    pub what: String,
    /// What was there, and what is there.
    pub values: [Option<Value>; 2],
    /// The same, as people read it.
    pub shown: [Option<String>; 2],
    /// How the two compare: `×2`.
    pub note: Option<String>,
    /// Where it stood, and where it stands, as far as that is known.
    pub places: [Option<Standing>; 2],
    pub risks: BTreeSet<Risk>,
}

/// A part of a plan that has a name: the word says what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub word: String,
    pub name: String,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub file: PathBuf,
    pub line: usize,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Added,
    Removed,
    Changed,
    /// A step that stands elsewhere among its neighbours.
    Moved,
    Renamed,
}

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    Target,
    Secrets,
    Load,
    Shares,
    Users,
    Steps,
    Expectations,
    Thresholds,
    Data,
    Variables,
    Limits,
    Options,
    Environments,
    /// What nothing depends on: names, descriptions, tags.
    About,
}

impl Difference {
    /// Whether both plans mean the same.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Each risk, with the changes that bring it.
    pub fn risks(&self) -> impl Iterator<Item = (Risk, &Change)> {
        Risk::ALL.into_iter().flat_map(move |risk| {
            let brings = move |change: &&Change| change.risks.contains(&risk);
            self.changes
                .iter()
                .filter(brings)
                .map(move |change| (risk, change))
        })
    }
}

impl Kind {
    /// As programs know it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Added => "added",
            Kind::Removed => "removed",
            Kind::Changed => "changed",
            Kind::Moved => "moved",
            Kind::Renamed => "renamed",
        }
    }

    /// What a line begins with.
    pub fn sign(self) -> char {
        match self {
            Kind::Added => '+',
            Kind::Removed => '-',
            Kind::Changed => '~',
            Kind::Moved | Kind::Renamed => '>',
        }
    }
}

impl Area {
    /// As a heading, and as programs know it.
    pub fn word(self) -> &'static str {
        match self {
            Area::Target => "target",
            Area::Secrets => "secrets",
            Area::Load => "load",
            Area::Shares => "shares",
            Area::Users => "users",
            Area::Steps => "steps",
            Area::Expectations => "expectations",
            Area::Thresholds => "thresholds",
            Area::Data => "data",
            Area::Variables => "variables",
            Area::Limits => "limits",
            Area::Options => "options",
            Area::Environments => "environments",
            Area::About => "about",
        }
    }
}
