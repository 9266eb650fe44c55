//! What becomes of a redirect.

/// What a request does when it is told to go elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Redirects {
    /// It goes there; the whole chain is one request, under its name.
    #[default]
    Follow,
    /// It goes there; every hop is a request of its own.
    Each,
    /// It stays: the redirect is the answer.
    None,
}

impl Redirects {
    /// As plans write it.
    pub fn word(self) -> &'static str {
        match self {
            Redirects::Follow => "follow",
            Redirects::Each => "each",
            Redirects::None => "none",
        }
    }
}

/// How many redirects of one exchange are followed.
///
/// A target that needs more sends its visitors in a circle.
pub const MAX_REDIRECTS: u32 = 10;

/// Under which name a hop is counted that is a request of its own: of `POST /create`,
/// the first redirect leads to `POST /create → redirect 1`. The paths of hops have ids
/// in them that no plan foresees, and would make a row each.
pub fn hop_name(first: &str, redirect: u32) -> String {
    format!("{first} → redirect {redirect}")
}
