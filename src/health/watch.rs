//! Judges what workers and the system say: pure arithmetic on the time of the run.

use std::time::Duration;

use super::Reading;
use crate::stats::{
    Bottleneck, Cpu, Generator, Level, MAX_WARNINGS, OnSaturation, Shortage, Strain, Warning,
};

/// A worker, or all cores, that computed for this share of a second had no time left
/// for what came in between.
pub const BUSY: f64 = 0.9;

/// A second in which more than this share of a worker's timers was [late] is a second
/// in which the load was another one than was asked for.
///
/// [late]: crate::stats::LATE
pub const LATE_SHARE: f64 = 0.1;

/// Of what there is only so much of, this share is nearly all.
pub const NEARLY_ALL: f64 = 0.9;

/// A worker, cores or timers are warned of when it has gone on for this long: any
/// machine is busy for a moment.
pub const BEGINS_AFTER: Duration = Duration::from_secs(3);

/// A warning is over when nothing was seen of it for this long.
pub const ENDS_AFTER: Duration = Duration::from_secs(5);

/// A generator that was saturated for less than this was not the bottleneck of a run.
pub const MIN_SATURATED: Duration = Duration::from_secs(5);

/// Nor was one that was saturated for a smaller share of its load.
pub const MIN_SATURATED_SHARE: f64 = 0.1;

/// Windows of a worker that end and begin this close to each other follow each other.
const SEAM: Duration = Duration::from_millis(500);

/// What has been seen of the generator so far.
#[derive(Clone, Debug)]
pub struct Watch {
    cores: Option<u32>,
    seen: Generator,
    busiest_worker: Option<f64>,
    first_cpu: Option<(Duration, Duration)>,
    last_cpu: Option<(Duration, Duration)>,
    states: [Option<Spell>; Shortage::ALL.len()],
    computing: Covered,
    late: Covered,
    either: Covered,
}

/// A time in which a shortage was seen again and again.
#[derive(Clone, Copy, Debug)]
struct Spell {
    from: Duration,
    to: Duration,
    worst: f64,
    /// Whether it has gone on for long enough to be told of.
    told: bool,
}

/// How much of the run some spans cover. They come nearly in order, so it is enough to
/// know where the last one ended.
#[derive(Clone, Debug, Default)]
struct Covered {
    time: Duration,
    until: Duration,
}

impl Covered {
    fn add(&mut self, from: Duration, to: Duration) {
        self.time += to.saturating_sub(from.max(self.until));
        self.until = self.until.max(to);
    }
}

impl Watch {
    /// Nothing seen yet, on so many cores.
    pub fn new(cores: Option<u32>) -> Watch {
        Watch {
            cores,
            seen: Generator::default(),
            busiest_worker: None,
            first_cpu: None,
            last_cpu: None,
            states: [None; Shortage::ALL.len()],
            computing: Covered::default(),
            late: Covered::default(),
            either: Covered::default(),
        }
    }

    /// How a worker fared in a window.
    pub fn strain(&mut self, strain: &Strain) {
        let span = (strain.from, strain.to);
        if let Some(busy) = strain.busy {
            self.busiest_worker = Some(self.busiest_worker.map_or(busy, |most| most.max(busy)));
            if busy >= BUSY {
                self.computed_all_of(span);
                self.short_of(Shortage::Worker, span, busy);
            }
        }
        if strain.late > LATE_SHARE {
            self.late.add(span.0, span.1);
            self.either.add(span.0, span.1);
            self.short_of(Shortage::Timers, span, strain.late);
        }
    }

    /// What the system says `at` a time of the run.
    pub fn reading(&mut self, at: Duration, reading: &Reading) {
        if let Some(cpu) = reading.cpu {
            self.cpu(at, cpu);
        }
        let peak = |seen: &mut Option<Level>, now: Option<Level>| {
            *seen = (*seen)
                .into_iter()
                .chain(now)
                .max_by_key(|level| level.used);
        };
        peak(&mut self.seen.memory, reading.memory);
        peak(&mut self.seen.files, reading.files);
        peak(&mut self.seen.ports, reading.ports);
        if let (Some(memory), Some(most)) = (&mut self.seen.memory, reading.memory_peak_bytes) {
            memory.used = memory.used.max(most);
        }
        for (shortage, level) in [
            (Shortage::Memory, reading.memory),
            (Shortage::Files, reading.files),
            (Shortage::Ports, reading.ports),
        ] {
            let share = level.and_then(|level| level.share());
            if let Some(share) = share.filter(|share| *share >= NEARLY_ALL) {
                self.short_of(shortage, (at, at), share);
            }
        }
    }

    /// What the system says before there is any user.
    pub fn before(&mut self, reading: &Reading) {
        self.seen.memory_before = reading.memory.map(|memory| memory.used);
    }

    fn cpu(&mut self, at: Duration, used: Duration) {
        let before = self.last_cpu.replace((at, used));
        self.first_cpu.get_or_insert((at, used));
        if let (Some(before), Some(cores)) = (before, self.cores)
            && let Some(cpu) = cpu_between(before, (at, used), cores)
            && cpu.share >= BUSY
        {
            let span = (before.0, at);
            self.computed_all_of(span);
            self.short_of(Shortage::Cores, span, cpu.share);
        }
    }

    fn computed_all_of(&mut self, (from, to): (Duration, Duration)) {
        self.computing.add(from, to);
        self.either.add(from, to);
    }

    fn short_of(&mut self, shortage: Shortage, (from, to): (Duration, Duration), worst: f64) {
        let state = &mut self.states[shortage as usize];
        let spell = match state {
            // Told of once, it goes on until it is over.
            Some(spell) if spell.told || from <= spell.to + SEAM => spell,
            Some(_) | None => state.insert(Spell {
                from,
                to,
                worst,
                told: false,
            }),
        };
        spell.from = spell.from.min(from);
        spell.to = spell.to.max(to);
        spell.worst = spell.worst.max(worst);
        spell.told |= spell.to - spell.from >= begins_after(shortage);
    }

    /// What there is to warn of `at` a time, the most urgent first. What was not seen
    /// for [`ENDS_AFTER`] is over, and is kept.
    pub fn warnings(&mut self, at: Duration) -> Vec<Warning> {
        for shortage in Shortage::ALL {
            let state = &mut self.states[shortage as usize];
            if let Some(spell) = state.take_if(|spell| at.saturating_sub(spell.to) >= ENDS_AFTER) {
                self.keep(shortage, spell);
            }
        }
        let states = Shortage::ALL.into_iter().zip(self.states);
        states
            .filter_map(|(shortage, spell)| warning(shortage, spell?))
            .collect()
    }

    /// All that is known of the generator, of a load that took `elapsed`, and in which so
    /// many connections got no file or port.
    pub fn close(
        mut self,
        elapsed: Duration,
        unconnected: u64,
        on_saturation: OnSaturation,
    ) -> Generator {
        for shortage in Shortage::ALL {
            if let Some(spell) = self.states[shortage as usize].take() {
                self.keep(shortage, spell);
            }
        }
        let bottleneck = self.bottleneck(elapsed, unconnected);
        let cpu = self.first_cpu.zip(self.last_cpu).zip(self.cores);
        let cpu = cpu.and_then(|((first, last), cores)| cpu_between(first, last, cores));
        let mut generator = self.seen;
        generator.warnings.sort_by_key(|warning| warning.from);
        Generator {
            cpu: cpu.map(|cpu| Cpu {
                busiest_worker: self.busiest_worker,
                ..cpu
            }),
            bottleneck,
            on_saturation,
            ..generator
        }
    }

    fn bottleneck(&self, elapsed: Duration, unconnected: u64) -> Option<Bottleneck> {
        if unconnected > 0 {
            return Some(Bottleneck::Unconnected {
                connections: unconnected,
            });
        }
        let saturated = self.either.time;
        let is_one =
            saturated >= MIN_SATURATED && saturated >= elapsed.mul_f64(MIN_SATURATED_SHARE);
        is_one.then_some(Bottleneck::Saturated {
            computing: self.computing.time,
            late: self.late.time,
            of: elapsed,
        })
    }

    fn keep(&mut self, shortage: Shortage, spell: Spell) {
        let Some(warning) = warning(shortage, spell) else {
            return;
        };
        if self.seen.warnings.len() < MAX_WARNINGS {
            self.seen.warnings.push(warning);
        } else {
            self.seen.warnings_left_out += 1;
        }
    }
}

/// How long it goes on before it is told of. What runs out is told of at once.
fn begins_after(shortage: Shortage) -> Duration {
    match shortage {
        Shortage::Memory | Shortage::Files | Shortage::Ports => Duration::ZERO,
        Shortage::Cores | Shortage::Worker | Shortage::Timers => BEGINS_AFTER,
    }
}

fn warning(shortage: Shortage, spell: Spell) -> Option<Warning> {
    let Spell {
        from,
        to,
        worst,
        told,
    } = spell;
    told.then_some(Warning {
        shortage,
        from,
        to,
        worst,
    })
}

/// What was computed between two readings: each a time and the CPU used until then.
fn cpu_between(
    (from, before): (Duration, Duration),
    (to, after): (Duration, Duration),
    cores: u32,
) -> Option<Cpu> {
    let span = to.checked_sub(from)?;
    let used = after.checked_sub(before)?;
    let all = span.as_secs_f64() * f64::from(cores);
    (all > 0.0).then(|| Cpu {
        used,
        cores,
        share: used.as_secs_f64() / all,
        busiest_worker: None,
    })
}
