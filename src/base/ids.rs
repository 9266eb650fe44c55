//! Typed numbers for things that have names.
//!
//! Names are for people and are resolved once, when a plan is compiled. From
//! then on a thing is its index in a table, and the type says which table.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident, $letter:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u32);

        impl $name {
            /// The id of the thing at `index` of its table.
            ///
            /// # Panics
            ///
            /// If `index` does not fit: tables are bounded long before that.
            pub fn at(index: usize) -> $name {
                $name(u32::try_from(index).expect("tables are bounded below 2^32 entries"))
            }

            /// The place in its table.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($letter, "{}"), self.0)
            }
        }
    )*};
}

ids! {
    /// A node of the execution graph.
    StepId, "s";
    /// A compiled request.
    RequestId, "r";
    /// Something that is done at once: variables set, a line logged.
    ActId, "a";
    /// A compiled condition.
    ConditionId, "q";
    /// A compiled sample of one's own.
    RecordId, "p";
    /// A row of the table of skipped steps.
    SkipId, "k";
    /// A table of who stays with which task for life.
    SettlementId, "l";
    /// A set or a loop that a user is in, from the outermost.
    Depth, "d";
    /// A group that a user is in, from the outermost.
    GroupDepth, "h";
    /// A row of the table of groups.
    GroupId, "g";
    /// A meeting of users.
    MeetingId, "e";
    /// A variable's slot in a user.
    VarId, "v";
    /// A row of the report: one request name.
    RowId, "n";
    /// A step that can make names while a run goes on.
    NamerId, "m";
    /// A user class.
    ClassId, "c";
    /// A source of data rows.
    FeedId, "f";
    /// A load: that of the plan, or of a class that has its own.
    LoadId, "o";
}

/// The number of a user, counted from 1 through the whole run; never used twice.
pub type UserNumber = u64;
