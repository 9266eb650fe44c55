//! Every code that `check` gives, and what it stands for.

/// A step, a draw or a sequence names a task that does not exist.
pub const UNKNOWN_TASK: &str = "P0101";

/// A task runs itself, directly or through others.
pub const RECURSION: &str = "P0102";

/// All the weights that something is drawn or shared by are 0.
pub const ALL_WEIGHTS_ZERO: &str = "P0103";

/// One weight or count is 0, so that what carries it never happens.
pub const ONE_WEIGHT_ZERO: &str = "P0104";

/// The exact numbers of classes do not fit the number of users.
pub const COUNTS_DO_NOT_FIT: &str = "P0105";

/// A class has a share, and yet gets no user at the planned number.
pub const CLASS_WITHOUT_USER: &str = "P0106";

/// `load` does not say how many users there are, or for how long.
pub const LOAD_INCOMPLETE: &str = "P0107";

/// The number of users is 0, or more than one run can have.
pub const USERS_OUT_OF_RANGE: &str = "P0108";

/// One name means a data source and a variable.
pub const NAME_MEANS_TWO_THINGS: &str = "P0109";

/// No class ever runs a task.
pub const UNUSED_TASK: &str = "P0110";

/// A task is not told what its `params` want, or is told something else.
pub const ARGUMENTS: &str = "P0111";

/// A parameter has the name of something outside its task.
pub const SHADOWING: &str = "P0112";

/// A set is never left, and something beside it is never done again.
pub const NEVER_LEFT: &str = "P0113";

/// A start or an end that never ends.
pub const NEVER_STARTS: &str = "P0114";

/// `think` where rounds are paced, which says nothing of how long it takes.
pub const THINK_OF_A_PACE: &str = "P0115";

/// `load` has a ramp that nothing starts.
pub const RAMP_WITHOUT_END: &str = "P0116";
