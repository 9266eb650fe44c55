//! What runs, and probably not as it was meant: codes that begin with `P04`.

mod constant_condition;
mod exploding_name;
mod fragment;
mod more_creates;
mod never_read;
pub(in crate::plan) mod no_error_threshold;
pub(in crate::plan) mod no_thresholds;
mod shared_by_rounds;
mod shared_by_runs;
mod shared_by_users;
mod too_few_rows;
mod written_secret;

family! {
    NO_THRESHOLDS = no_thresholds,
    NEVER_READ = never_read,
    EXPLODING_NAME = exploding_name,
    SHARED_BY_USERS = shared_by_users,
    SHARED_BY_RUNS = shared_by_runs,
    SHARED_BY_ROUNDS = shared_by_rounds,
    MORE_CREATES = more_creates,
    NO_ERROR_THRESHOLD = no_error_threshold,
    CONSTANT_CONDITION = constant_condition,
    TOO_FEW_ROWS = too_few_rows,
    WRITTEN_SECRET = written_secret,
    FRAGMENT = fragment,
}
