//! Telling, as it happens, all that users do: for trying a plan out.
//!
//! An ordinary run has no witness, and pays one look at an empty place for each
//! request. With one, requests and answers are copied and queued without a bound:
//! this is for a few users who do everything once.

use tokio::sync::mpsc;

use super::user::User;
use crate::{
    base::{
        ids::{ClassId, RequestId, SkipId, UserNumber, VarId},
        value::Value,
    },
    exchange::{self, Cookie, Failure, Phases, Response, Timing},
};

/// Whom everything is told.
#[derive(Clone, Debug)]
pub struct Witness(mpsc::UnboundedSender<Witnessed>);

/// What a user did.
#[derive(Debug)]
pub struct Witnessed {
    pub user: UserNumber,
    pub class: ClassId,
    pub deed: Deed,
}

/// One thing that a user can do.
#[derive(Debug)]
pub enum Deed {
    /// Sent a request, or could not.
    Asked(Box<Asked>),
    /// Gave variables values.
    Set(Vec<(VarId, Value)>),
    Logged(String),
    /// Added a sample of the plan's own.
    Recorded {
        name: String,
        ok: bool,
    },
    /// Left out a step whose condition did not hold.
    Skipped(SkipId),
    /// Came upon a step that could not be worked out.
    Broke {
        what: String,
        why: String,
    },
    /// Left, because its start failed.
    StartFailed,
    /// Left, having done everything.
    Ended,
}

/// A request and all that came of it.
#[derive(Debug)]
pub struct Asked {
    pub request: RequestId,
    /// `None` if it could not be worked out.
    pub sent: Option<Sent>,
    /// How many expectations hold, of those in front.
    pub held: usize,
    /// What is wrong with it, if anything is.
    pub failure: Option<Failure>,
    /// A variable without a value is one that was unset.
    pub extracted: Vec<(VarId, Option<Value>)>,
}

/// A request as it went out, and what came.
#[derive(Debug)]
pub struct Sent {
    pub request: exchange::Request,
    /// Those that went with it.
    pub cookies: Vec<Cookie>,
    pub timing: Timing,
    pub phases: Phases,
    pub redirects: u32,
    pub received_bytes: u64,
    /// The answer, if it came to its end.
    pub response: Option<Response>,
}

impl Witness {
    /// A witness, and where it says what it saw.
    pub fn new() -> (Witness, mpsc::UnboundedReceiver<Witnessed>) {
        let (sender, seen) = mpsc::unbounded_channel();
        (Witness(sender), seen)
    }

    pub(super) fn tell(&self, user: &User, deed: Deed) {
        // Whoever does not listen any more does not want to know.
        let _ = self.0.send(Witnessed {
            user: user.number,
            class: user.class,
            deed,
        });
    }
}
