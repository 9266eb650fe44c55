//! What is known of the machine that made the load, and whether it was the bottleneck.
//!
//! Plain data: `health` reads the system and judges it, reports and views print it.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use super::{ClassTotals, LATE, RunRecord, Timekeeping, Verdict};
use crate::base::figures;

/// The generator itself, as a run found it. `None` is what the system does not tell,
/// or what a clock that is no real one says nothing of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Generator {
    pub timekeeping: Timekeeping,
    pub cpu: Option<Cpu>,
    /// The most memory that was in use, in bytes; of what there was for it then.
    pub memory: Option<Level>,
    /// How much of it was in use before the first user came, in bytes.
    pub memory_before: Option<u64>,
    /// The most files that were open, connections included; of the process's limit.
    pub files: Option<Level>,
    /// The most local ports that were in use: sockets of the process, and those of
    /// the machine that are still kept after their end (`TIME_WAIT`). Of the range
    /// that the system takes ports from, as if all went to one address of a server.
    pub ports: Option<Level>,
    /// In the order in which they began, at most [`MAX_WARNINGS`].
    pub warnings: Vec<Warning>,
    /// Those beyond the bound.
    pub warnings_left_out: u64,
    pub bottleneck: Option<Bottleneck>,
    pub on_saturation: OnSaturation,
}

/// The machine that made the load. `None` is what the system does not tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    pub host: Option<String>,
    /// `linux`, `macos`.
    pub system: String,
    pub kernel: Option<String>,
    /// `x86_64`, `aarch64`.
    pub architecture: String,
    pub processor: Option<String>,
    /// That the program may use.
    pub cores: Option<u32>,
    pub memory_bytes: Option<u64>,
}

/// How many warnings of a run are kept.
pub const MAX_WARNINGS: usize = 100;

impl Generator {
    /// Why the numbers of the run are good for no verdict, if the generator is why.
    pub fn spoils_verdict(&self) -> Option<&Bottleneck> {
        match self.on_saturation {
            OnSaturation::Inconclusive => self.bottleneck.as_ref(),
            OnSaturation::Tolerated => None,
        }
    }
}

/// Of fewer users than these it is not said what each of them takes: the statistics
/// weigh more.
pub const MIN_USERS_WEIGHED: u64 = 1_000;

impl RunRecord {
    /// What each user took of memory, with its connections, and how many there were, in
    /// bytes: all that came on top of what was in use before the first of them, divided
    /// by as many as were there at once. Statistics are in it too.
    pub fn memory_per_user(&self) -> Option<(u64, u64)> {
        let at_once = |class: &ClassTotals| {
            let planned = self.meta.schedule.classes.iter();
            let planned = planned.filter(|(name, _)| *name == class.name);
            let planned: u64 = planned.map(|(_, users)| u64::from(*users)).sum();
            planned.min(class.started)
        };
        let users: u64 = self.classes.iter().map(at_once).sum();
        let peak = self.generator.memory?.used;
        let more = peak.checked_sub(self.generator.memory_before?)?;
        (users >= MIN_USERS_WEIGHED).then(|| (more / users, users))
    }

    /// The same with what is known of the generator, and with the verdict that this
    /// leaves: who cannot keep up has measured himself.
    #[must_use]
    pub fn with_generator(mut self, generator: Generator) -> RunRecord {
        let timekeeping = self.generator.timekeeping;
        self.generator = Generator {
            timekeeping,
            ..generator
        };
        if self.generator.spoils_verdict().is_some() {
            self.verdict = Verdict::Inconclusive;
        }
        self
    }
}

/// What becomes of a run in which the generator was the bottleneck.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnSaturation {
    /// Its numbers are not the target's, so there is no verdict.
    #[default]
    Inconclusive,
    /// Somebody drives it at full tilt on purpose: it is said, and judged nevertheless.
    Tolerated,
}

/// How much the process computed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cpu {
    /// All its threads together.
    pub used: Duration,
    /// Of the same time on each core that it may use.
    pub cores: u32,
    /// The share of these cores that it used.
    pub share: f64,
    /// The share of a core that the busiest worker used in its busiest second.
    pub busiest_worker: Option<f64>,
}

/// How much of something is used, and how much of it there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    pub used: u64,
    pub limit: Option<u64>,
}

impl Level {
    /// The share of the limit; `None` without one.
    pub fn share(&self) -> Option<f64> {
        let limit = self.limit.filter(|limit| *limit > 0)?;
        Some(self.used as f64 / limit as f64)
    }
}

/// What the generator runs short of; the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Shortage {
    Memory,
    Files,
    Ports,
    /// All cores together.
    Cores,
    /// The core of one worker.
    Worker,
    /// Whatever it is, timers go off late, or users start late.
    Timers,
}

impl Shortage {
    /// Every kind, the most urgent first.
    pub const ALL: [Shortage; 6] = [
        Shortage::Memory,
        Shortage::Files,
        Shortage::Ports,
        Shortage::Cores,
        Shortage::Worker,
        Shortage::Timers,
    ];

    /// The stable code in machine-readable output.
    pub fn code(self) -> &'static str {
        match self {
            Shortage::Memory => "memory",
            Shortage::Files => "files",
            Shortage::Ports => "ports",
            Shortage::Cores => "cores",
            Shortage::Worker => "worker",
            Shortage::Timers => "timers",
        }
    }
}

/// A time in which the generator ran short of something.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Warning {
    pub shortage: Shortage,
    /// Since the start of the run.
    pub from: Duration,
    /// When it was last seen.
    pub to: Duration,
    /// The largest share: of the limit, of the cores, of the timers.
    pub worst: f64,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = figures::share(self.worst);
        match self.shortage {
            Shortage::Memory => write!(f, "memory is short: {share} of what there is"),
            Shortage::Files => write!(f, "open files: {share} of the limit"),
            Shortage::Ports => write!(f, "local ports: {share} of the range"),
            Shortage::Cores => write!(f, "all cores are busy: {share}"),
            Shortage::Worker => write!(f, "a worker is busy: {share} of a core"),
            Shortage::Timers => {
                let late = figures::time(LATE);
                write!(f, "timers and starts are late: {share} by more than {late}")
            }
        }
    }
}

/// Why the numbers of a run may be the generator's and not the target's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Bottleneck {
    /// It was short of CPU for so much of the time.
    Saturated {
        /// A worker, or all cores, computed all the time.
        computing: Duration,
        /// Timers or starts were late.
        late: Duration,
        /// The time of the load.
        of: Duration,
    },
    /// So many connections got no file or port of this machine.
    Unconnected { connections: u64 },
}

impl fmt::Display for Bottleneck {
    // Stands after "the generator was the bottleneck: ".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bottleneck::Saturated {
                computing,
                late,
                of,
            } => {
                let of = figures::time(*of);
                let parts = [
                    ("it was busy computing for", computing),
                    ("its timers and starts were late for", late),
                ];
                let parts = parts.iter().filter(|(_, time)| !time.is_zero());
                let parts: Vec<_> = parts
                    .map(|(what, time)| format!("{what} {}", figures::time(**time)))
                    .collect();
                write!(f, "{} of {of}", parts.join(" and "))
            }
            Bottleneck::Unconnected { connections: 1 } => {
                f.write_str("1 connection got no file or port of this machine")
            }
            Bottleneck::Unconnected { connections } => {
                write!(
                    f,
                    "{connections} connections got no file or port of this machine"
                )
            }
        }
    }
}
