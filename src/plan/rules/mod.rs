//! What a plan can have wrong: one file for each code.
//!
//! A rule says, for the person who meets it, why something is a mistake and how
//! to mend it, with the smallest plan that has it and the same plan without.
//! `plan explain P0301` prints that. The folders are families, by the code's
//! first digits: what `reading` finds (`P00`), the `structure` of a plan
//! (`P01`), its `parts` (`P02`), the flow of `values` (`P03`), and `advice`
//! about plans that run (`P04`).
//!
//! # What holds here
//!
//! - A code is written once, in its rule. Whoever finds the mistake names the
//!   family's constant, so that the compiler knows a code that nothing gives.
//! - Codes are promises: filters and editors know them, so one is never given
//!   another meaning.
//! - Every example has its mistake, and every mended example is without any: a
//!   test compiles them all.
//!
//! # What is not here
//!
//! The finding, where it needs more than a plan: reading finds what it cannot
//! read, `graph` what it cannot compile, and `forecast` what comes of it in hours.

/// Names the files of a family: `RULES` lists them, and each code is a constant.
macro_rules! family {
    ($($code:ident = $file:ident,)*) => {
        pub(super) const RULES: &[&crate::plan::rules::Rule] = &[$(&$file::RULE,)*];
        $(pub(crate) const $code: &str = $file::RULE.code;)*
    };
}

pub(crate) mod advice;
pub(crate) mod parts;
pub(crate) mod reading;
pub(crate) mod structure;
pub(crate) mod values;

use crate::{base::nearest::nearest, source::Severity};

/// A kind of mistake, as it is explained.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// `P0301`: the first two digits are the family.
    pub code: &'static str,
    /// How bad it is, wherever it is found.
    pub severity: Severity,
    /// What is wrong, in a line: after "warning: ".
    pub summary: &'static str,
    /// Why it is a mistake, and how to mend it. Ends with a line break.
    pub explanation: &'static str,
    /// The smallest plan that has it, in YAML.
    pub example: &'static str,
    /// The same plan without it.
    pub mended: &'static str,
}

/// All rules, by their codes.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let families = [
        reading::RULES,
        structure::RULES,
        parts::RULES,
        values::RULES,
        advice::RULES,
    ];
    families.into_iter().flatten().copied()
}

/// The rule of a code, in whatever case it is written.
pub fn find(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code.eq_ignore_ascii_case(code))
}

/// The code that was probably meant.
pub fn nearest_code(code: &str) -> Option<&'static str> {
    nearest(code, all().map(|rule| rule.code))
}
