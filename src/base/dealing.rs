//! How rows of data come to users, in the words of a plan.

/// In which order rows are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As they stand.
    #[default]
    Sequential,
    /// All of them, mixed anew before each pass.
    Shuffled,
    /// Any row at any time, each equally likely.
    Random,
}

/// Among whom the rows are shared out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SharedBy {
    /// All users together go through them once.
    #[default]
    Run,
    /// Each user goes through all of them.
    User,
}

/// What happens to a user that has used its rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AtEnd {
    /// It begins again.
    #[default]
    Wrap,
    /// It leaves.
    StopUser,
    /// The run ends.
    StopRun,
    /// The step that needs a row fails.
    Fail,
}

/// How the rows of one source come to users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dealing {
    pub order: Order,
    pub shared_by: SharedBy,
    pub at_end: AtEnd,
}

impl Order {
    /// All of them.
    pub const ALL: [Order; 3] = [Order::Sequential, Order::Shuffled, Order::Random];
    /// The same as plans write them.
    pub const WORDS: [&str; 3] = ["sequential", "shuffled", "random"];

    /// As plans write it.
    pub fn word(self) -> &'static str {
        Order::WORDS[self as usize]
    }
}

impl SharedBy {
    /// All of them.
    pub const ALL: [SharedBy; 2] = [SharedBy::Run, SharedBy::User];
    /// The same as plans write them.
    pub const WORDS: [&str; 2] = ["run", "user"];

    /// As plans write it.
    pub fn word(self) -> &'static str {
        SharedBy::WORDS[self as usize]
    }
}

impl AtEnd {
    /// All of them.
    pub const ALL: [AtEnd; 4] = [AtEnd::Wrap, AtEnd::StopUser, AtEnd::StopRun, AtEnd::Fail];
    /// The same as plans write them.
    pub const WORDS: [&str; 4] = ["wrap", "stop_user", "stop_run", "fail"];

    /// As plans write it.
    pub fn word(self) -> &'static str {
        AtEnd::WORDS[self as usize]
    }
}

impl Dealing {
    /// Whether rows come to an end for a user, and it gets no more.
    pub fn ends(self) -> bool {
        match (self.order, self.at_end) {
            (Order::Random, _) | (_, AtEnd::Wrap) => false,
            (
                Order::Sequential | Order::Shuffled,
                AtEnd::StopUser | AtEnd::StopRun | AtEnd::Fail,
            ) => true,
        }
    }
}
