//! The codes of what reading finds; everything of [`P00xx`] begins here.
//!
//! Codes are promises: filters and editors know them, so one is never given
//! another meaning.
//!
//! [`P00xx`]: self

/// The text is not YAML or TOML, or uses a part of it that plans do not have.
pub(super) const SYNTAX: &str = "P0001";
/// A key that nothing here reads.
pub(super) const UNKNOWN_KEY: &str = "P0002";
/// A list where a number should be, and the like.
pub(super) const WRONG_TYPE: &str = "P0003";
/// Something that has to be there is not, or is there and empty.
pub(super) const MISSING: &str = "P0004";
/// A key, a task or a header that is there twice.
pub(super) const DUPLICATE: &str = "P0005";
/// The right type, but not a value that means anything.
pub(super) const BAD_VALUE: &str = "P0006";
/// A file that cannot be included.
pub(super) const INCLUDE: &str = "P0007";
/// More than a plan may have: depth, nodes, files.
pub(super) const LIMIT: &str = "P0008";
/// Keys that exclude each other.
pub(super) const CONFLICT: &str = "P0009";
