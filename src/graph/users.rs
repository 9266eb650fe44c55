//! Who users are, and where they wait for each other.

use std::{sync::Arc, time::Duration};

use super::Setter;
use crate::{
    base::{
        connecting::Connecting,
        ids::{StepId, VarId},
        wait::Wait,
    },
    tls::TlsSettings,
};

/// A compiled class of users.
#[derive(Debug)]
pub struct Class {
    pub name: Arc<str>,
    /// Worked out when a user starts, in this order.
    pub vars: Box<[Variable]>,
    /// Where a new user begins.
    pub entry: StepId,
    /// Where a user goes that is to leave after a completed `on_start`.
    pub stop: StepId,
    pub wait: Wait,
    pub on_start_fail: OnStartFail,
    pub tls: TlsSettings,
    pub connecting: Connecting,
}

impl Class {
    /// How its users connect.
    pub fn wires(&self) -> (&TlsSettings, &Connecting) {
        (&self.tls, &self.connecting)
    }
}

/// Where users wait for each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    pub name: Arc<str>,
    /// How many go on together.
    pub users: u32,
    /// After so long a user goes on without the others.
    pub timeout: Duration,
}

/// What one user does before or after all others.
#[derive(Debug)]
pub struct Scene {
    pub occasion: Occasion,
    /// Its start is all of it.
    pub class: Class,
}

/// When a scene is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// Before the first user comes.
    Setup,
    /// After the last user has left.
    Teardown,
}

impl Occasion {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Occasion::Setup => "setup",
            Occasion::Teardown => "teardown",
        }
    }
}

/// What happens to a user whose `on_start` failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnStartFail {
    /// A new one takes its place after the class's wait.
    NewUser,
    StopUser,
    StopRun,
}

/// A variable that is set when a user starts.
#[derive(Debug)]
pub struct Variable {
    pub var: VarId,
    pub value: Setter,
}
