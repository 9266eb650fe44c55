//! The flow of values: codes that begin with `P03`.

mod read_before_set;
mod unknown_name;
mod variable_cycle;

family! {
    READ_BEFORE_SET = read_before_set,
    UNKNOWN_NAME = unknown_name,
    VARIABLE_CYCLE = variable_cycle,
}
