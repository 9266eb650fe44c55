//! The flow of values: codes that begin with `P03`.

mod read_before_set;
mod side_by_side;
mod unknown_name;
mod variable_cycle;

family! {
    READ_BEFORE_SET = read_before_set,
    UNKNOWN_NAME = unknown_name,
    VARIABLE_CYCLE = variable_cycle,
    SIDE_BY_SIDE = side_by_side,
}
