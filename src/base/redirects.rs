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
