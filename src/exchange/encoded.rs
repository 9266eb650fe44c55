//! How a request is written, where it is written again and again.

use std::sync::OnceLock;

/// The bytes of a request's head, once they have been worked out; nothing for a request
/// that is sent once.
///
/// All workers read the same, without a lock once it is there. It goes with the request
/// that it was worked out for: whoever changes that takes a new one.
#[derive(Clone, Debug, Default)]
pub struct Encoded(Option<OnceLock<Box<[u8]>>>);

impl Encoded {
    /// For a request that stays the same.
    pub fn to_keep() -> Encoded {
        Encoded(Some(OnceLock::new()))
    }

    /// The bytes, worked out the first time; `None` if they are not kept.
    pub fn get_or_init(&self, encode: impl FnOnce() -> Box<[u8]>) -> Option<&[u8]> {
        self.0.as_ref().map(|kept| &**kept.get_or_init(encode))
    }
}
