//! Where the time of an exchange went.

use std::time::Duration;

/// A part of the time that an exchange takes.
///
/// None of them overlaps another, so together they are at most `done − sent`; what is
/// missing is the time in which the request was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PhaseKind {
    /// A host's name was looked up, or somebody else's lookup of it waited for. There is
    /// none where a connection was there already, where the host is an address, and where
    /// the name's addresses were known.
    Dns,
    /// A TCP connection was made: from the first address tried to the one that
    /// answered. A tunnel through a proxy is a part of it, from CONNECT to the proxy's
    /// word.
    Connect,
    /// TLS was set up with the server.
    Tls,
    /// From the last byte of a request written to the first byte of its answer; nothing
    /// for an answer that began before. Over HTTP/2 from the request's beginning to the
    /// end of the answer's head.
    Waiting,
    /// From the first byte of an answer to the last one of its body.
    Receiving,
}

/// What is known of where the time of an exchange went.
///
/// An exchange of several requests (redirects that are a part of it, one that was sent
/// again) has the sums of all of them. Only what came to its end is in it, whatever
/// became of the exchange: a connection that was not made in time has no time to
/// connect, and an answer that was broken off none to be received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Phases {
    /// Connections that were opened for it: those that the other side has accepted,
    /// also where TLS or the tunnel failed then. One that was idle is none of them.
    pub connections: u32,
    /// In the order of [`PhaseKind::ALL`].
    times: [Option<Duration>; 5],
}

impl PhaseKind {
    /// All, in the order in which they happen.
    pub const ALL: [PhaseKind; 5] = [
        PhaseKind::Dns,
        PhaseKind::Connect,
        PhaseKind::Tls,
        PhaseKind::Waiting,
        PhaseKind::Receiving,
    ];

    /// What it is called, in reports and for programs.
    pub fn code(self) -> &'static str {
        match self {
            PhaseKind::Dns => "dns",
            PhaseKind::Connect => "connect",
            PhaseKind::Tls => "tls",
            PhaseKind::Waiting => "waiting",
            PhaseKind::Receiving => "receiving",
        }
    }
}

impl Phases {
    /// How long a phase took; `None` if there was none that came to its end.
    pub fn time(&self, kind: PhaseKind) -> Option<Duration> {
        self.times[kind as usize]
    }

    /// Those that there were, in order.
    pub fn iter(&self) -> impl Iterator<Item = (PhaseKind, Duration)> {
        let each = PhaseKind::ALL.into_iter().zip(self.times);
        each.filter_map(|(kind, time)| Some((kind, time?)))
    }

    /// The same, with more time in a phase.
    #[must_use]
    pub fn with(mut self, kind: PhaseKind, time: Duration) -> Phases {
        let known = &mut self.times[kind as usize];
        *known = Some(known.unwrap_or_default() + time);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_a_phase_add_up_and_what_was_not_is_not_zero() {
        let ms = Duration::from_millis;
        let phases = Phases::default()
            .with(PhaseKind::Waiting, ms(2))
            .with(PhaseKind::Dns, ms(0))
            .with(PhaseKind::Waiting, ms(3));
        let all: Vec<_> = phases.iter().collect();
        assert_eq!(all, [(PhaseKind::Dns, ms(0)), (PhaseKind::Waiting, ms(5))]);
        assert_eq!(phases.time(PhaseKind::Tls), None);
    }

    #[test]
    fn each_has_its_place() {
        for (place, kind) in PhaseKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, place);
        }
    }
}
