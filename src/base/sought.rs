//! What a search for the capacity looks for.

use serde::{Deserialize, Serialize};

/// What there is to be as much of as the target holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sought {
    /// Users who are there.
    Users,
    /// Arrivals in a time.
    Arrivals,
}

impl Sought {
    /// All of them, by the words that plans have for them.
    pub const WORDS: &[&str] = &["users", "arrivals"];

    /// The word that plans have for it.
    pub fn word(self) -> &'static str {
        match self {
            Sought::Users => "users",
            Sought::Arrivals => "arrivals",
        }
    }

    /// The one with a word.
    pub fn of(word: &str) -> Option<Sought> {
        [Sought::Users, Sought::Arrivals]
            .into_iter()
            .find(|sought| sought.word() == word)
    }
}
