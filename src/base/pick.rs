//! Which of several matches is meant: `first`, `last`, `random`, `all`, or a number.

use std::fmt;

/// Which of the things that a pattern matched is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pick {
    #[default]
    First,
    Last,
    /// One of them, each equally likely.
    Random,
    /// All of them, as a list.
    All,
    /// The n-th, counted from 1.
    Number(u32),
}

impl Pick {
    /// The picks that have a name.
    pub const WORDS: [&'static str; 4] = ["first", "last", "random", "all"];

    /// The pick of that name.
    pub fn named(word: &str) -> Option<Pick> {
        match word {
            "first" => Some(Pick::First),
            "last" => Some(Pick::Last),
            "random" => Some(Pick::Random),
            "all" => Some(Pick::All),
            _ => None,
        }
    }
}

impl fmt::Display for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pick::First => f.write_str("first"),
            Pick::Last => f.write_str("last"),
            Pick::Random => f.write_str("random"),
            Pick::All => f.write_str("all"),
            Pick::Number(number) => write!(f, "{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_a_pick_that_is_called_so() {
        for word in Pick::WORDS {
            assert_eq!(
                Pick::named(word).map(|pick| pick.to_string()).as_deref(),
                Some(word)
            );
        }
        assert_eq!(Pick::named("second"), None);
        assert_eq!(Pick::Number(2).to_string(), "2");
    }
}
