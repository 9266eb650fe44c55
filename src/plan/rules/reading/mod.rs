//! What cannot be read: codes that begin with `P00`.

mod bad_value;
mod conflict;
mod duplicate;
mod include;
mod limit;
mod lost_text;
mod missing;
mod syntax;
mod unknown_key;
mod wrong_type;

family! {
    SYNTAX = syntax,
    UNKNOWN_KEY = unknown_key,
    WRONG_TYPE = wrong_type,
    MISSING = missing,
    DUPLICATE = duplicate,
    BAD_VALUE = bad_value,
    INCLUDE = include,
    LIMIT = limit,
    CONFLICT = conflict,
    LOST_TEXT = lost_text,
}
