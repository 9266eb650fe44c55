//! What every room may use: units, ids, time, randomness, values.
//!
//! Nothing here knows of plans, HTTP or terminals. The small types that a
//! plan's leaves are made of (durations, waits, status sets, thresholds) live
//! here because both sides of the seam between *written* and *executed* need
//! them: the plan parses them, the engine and the statistics use them.
//!
//! # What is not here
//!
//! Errors of other rooms, and anything that prints. [`clock`] is the only file
//! of the crate that asks what time it is.

pub mod address;
pub mod allowed;
pub mod clock;
pub mod colour;
pub mod connecting;
pub mod dealing;
pub mod duration;
pub mod figures;
pub mod ids;
pub mod method;
pub mod nearest;
pub mod pick;
pub mod place;
pub mod printable;
pub mod random;
pub mod rate;
pub mod redirects;
pub mod shuffle;
pub mod size;
pub mod sought;
pub mod split;
pub mod status;
pub mod threshold;
pub mod timeouts;
pub mod value;
pub mod wait;
