//! Names, shares and load that do not fit together: codes that begin with `P01`.

mod all_weights_zero;
mod arguments;
mod class_without_user;
mod counts_do_not_fit;
mod find;
mod levels;
mod load_incomplete;
pub(in crate::plan) mod meetings_differ;
mod name_means_two_things;
mod never_left;
mod never_meet;
pub(in crate::plan) mod never_reached;
mod never_starts;
mod one_weight_zero;
mod ramp_without_end;
mod recursion;
mod shadowing;
mod think_of_a_pace;
mod unknown_task;
pub(in crate::plan) mod unused_task;
mod users_out_of_range;

family! {
    UNKNOWN_TASK = unknown_task,
    RECURSION = recursion,
    ALL_WEIGHTS_ZERO = all_weights_zero,
    ONE_WEIGHT_ZERO = one_weight_zero,
    COUNTS_DO_NOT_FIT = counts_do_not_fit,
    CLASS_WITHOUT_USER = class_without_user,
    LOAD_INCOMPLETE = load_incomplete,
    USERS_OUT_OF_RANGE = users_out_of_range,
    NAME_MEANS_TWO_THINGS = name_means_two_things,
    UNUSED_TASK = unused_task,
    ARGUMENTS = arguments,
    SHADOWING = shadowing,
    NEVER_LEFT = never_left,
    NEVER_STARTS = never_starts,
    THINK_OF_A_PACE = think_of_a_pace,
    RAMP_WITHOUT_END = ramp_without_end,
    NEVER_REACHED = never_reached,
    MEETINGS_DIFFER = meetings_differ,
    NEVER_MEET = never_meet,
    LEVELS = levels,
    FIND = find,
}
