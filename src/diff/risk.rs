//! What a reviewer should look at twice.

/// Why a change is one to look at twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    /// More users, for longer, more often, or with shorter waits.
    MoreLoad,
    /// A request that may change data of the target is new, or is sent by others.
    WritingRequest,
    /// Requests go to another server.
    OtherTarget,
    /// Connections go another way than names and addresses say.
    OtherRoute,
    /// A secret is named, or read where it was not.
    SecretUsed,
    /// Certificates of servers are no longer verified.
    Unverified,
    /// Others are trusted to say who a server is.
    OtherTrust,
    ThresholdLoosened,
    ThresholdRemoved,
    ExpectationLoosened,
    ExpectationRemoved,
    /// Answers may take longer before they are given up.
    LimitLoosened,
    /// Other rows are sent, or other files.
    DataChanged,
}

impl Risk {
    /// All of them, in the order of their weight.
    pub const ALL: [Risk; 13] = [
        Risk::MoreLoad,
        Risk::WritingRequest,
        Risk::OtherTarget,
        Risk::OtherRoute,
        Risk::SecretUsed,
        Risk::Unverified,
        Risk::OtherTrust,
        Risk::ThresholdLoosened,
        Risk::ThresholdRemoved,
        Risk::ExpectationLoosened,
        Risk::ExpectationRemoved,
        Risk::LimitLoosened,
        Risk::DataChanged,
    ];

    /// As programs know it.
    pub fn word(self) -> &'static str {
        match self {
            Risk::MoreLoad => "more_load",
            Risk::WritingRequest => "writing_request",
            Risk::OtherTarget => "other_target",
            Risk::OtherRoute => "other_route",
            Risk::SecretUsed => "secret_used",
            Risk::Unverified => "unverified",
            Risk::OtherTrust => "other_trust",
            Risk::ThresholdLoosened => "threshold_loosened",
            Risk::ThresholdRemoved => "threshold_removed",
            Risk::ExpectationLoosened => "expectation_loosened",
            Risk::ExpectationRemoved => "expectation_removed",
            Risk::LimitLoosened => "limit_loosened",
            Risk::DataChanged => "data_changed",
        }
    }

    /// In words.
    pub fn told(self) -> &'static str {
        match self {
            Risk::MoreLoad => "more load",
            Risk::WritingRequest => "a request that writes is new here",
            Risk::OtherTarget => "another target",
            Risk::OtherRoute => "connections go another way",
            Risk::SecretUsed => "a secret is newly used",
            Risk::Unverified => "certificates are not verified",
            Risk::OtherTrust => "others are trusted to vouch for servers",
            Risk::ThresholdLoosened => "a threshold is looser",
            Risk::ThresholdRemoved => "a threshold is gone",
            Risk::ExpectationLoosened => "an expectation is looser",
            Risk::ExpectationRemoved => "an expectation is gone",
            Risk::LimitLoosened => "a limit is looser",
            Risk::DataChanged => "other data",
        }
    }
}
