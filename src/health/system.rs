//! What the system says of this process and of its machine.
//!
//! CPU times and limits are the operating system's own calls; the rest is what Linux
//! tells in `/proc` and in control groups, and is unknown elsewhere.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use rustix::{
    io::Errno,
    process::{Resource, getrlimit},
    time::{ClockId, clock_gettime},
};

use crate::stats::Level;

mod memory;

/// Open files that are looked at one by one. Beyond, everything is taken for a socket:
/// those of the program itself come first, as they were opened before any connection.
const LOOKED_AT: usize = 128;

/// What the system said at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// What all threads of the process have computed since it began.
    pub cpu: Option<Duration>,
    /// Bytes in memory, and how many they could become.
    pub memory: Option<Level>,
    /// The most bytes there ever were.
    pub memory_peak_bytes: Option<u64>,
    /// Open files, and how many there may be.
    pub files: Option<Level>,
    /// See [`Generator::ports`](crate::stats::Generator::ports).
    pub ports: Option<Level>,
}

/// Where to ask.
#[derive(Debug)]
pub struct System {
    group: Option<memory::Group>,
    /// Local addresses that connections come from.
    addresses: u64,
}

impl System {
    /// Finds out where to ask. Connections come from so many addresses of this machine.
    pub fn new(addresses: usize) -> System {
        System {
            group: memory::Group::own(),
            addresses: addresses.max(1) as u64,
        }
    }

    /// Cores that this process may use.
    pub fn cores(&self) -> Option<u32> {
        let cores = thread::available_parallelism().ok()?;
        u32::try_from(cores.get()).ok()
    }

    /// Asks for everything.
    pub fn read(&self) -> Reading {
        let (memory, memory_peak_bytes) = memory::read(self.group.as_ref());
        let limit = getrlimit(Resource::Nofile).current;
        let (files, sockets) = open_files(limit);
        Reading {
            cpu: cpu(ClockId::ProcessCPUTime),
            memory,
            memory_peak_bytes,
            files: files.map(|used| Level { used, limit }),
            ports: sockets.and_then(|sockets| self.ports(sockets)),
        }
    }

    fn ports(&self, sockets: u64) -> Option<Level> {
        let kept = kept_after_their_end(&text("/proc/net/sockstat")?)?;
        let range = text("/proc/sys/net/ipv4/ip_local_port_range");
        let range = range.and_then(|range| ports_in(&range));
        Some(Level {
            used: sockets + kept,
            limit: range.map(|ports| ports * self.addresses),
        })
    }
}

/// What the calling thread has computed since it began.
pub fn thread_cpu() -> Option<Duration> {
    cpu(ClockId::ThreadCPUTime)
}

fn cpu(clock: ClockId) -> Option<Duration> {
    Duration::try_from(clock_gettime(clock)).ok()
}

/// How many files are open, and how many of them are sockets.
fn open_files(limit: Option<u64>) -> (Option<u64>, Option<u64>) {
    const OPEN: &str = "/proc/self/fd";
    let mut folder = match fs::read_dir(OPEN) {
        Ok(folder) => folder,
        // Where there is no file left for the question, that is the answer.
        Err(why) if why.raw_os_error() == Some(Errno::MFILE.raw_os_error()) => {
            return (limit, None);
        }
        Err(_) => return (None, None),
    };
    let looked_at: Vec<_> = folder.by_ref().take(LOOKED_AT).collect();
    let sockets = looked_at.iter().flatten();
    let sockets = sockets.filter(|file| is_socket(&file.path())).count() as u64;
    let looked_at = looked_at.len() as u64;
    // Linux 6.2 and later say how many there are, so that nobody has to count them.
    let beyond = match fs::metadata(OPEN).map_or(0, |folder| folder.len()) {
        0 => folder.count() as u64,
        files => files.saturating_sub(looked_at),
    };
    // The folder is open while it is read.
    let files = (looked_at + beyond).saturating_sub(1);
    (Some(files), Some(sockets + beyond))
}

fn is_socket(file: &Path) -> bool {
    fs::read_link(file).is_ok_and(|to| to.as_os_str().as_encoded_bytes().starts_with(b"socket:"))
}

/// Sockets that nobody has any more and whose ports are not free yet, in the words of
/// `/proc/net/sockstat`.
fn kept_after_their_end(sockstat: &str) -> Option<u64> {
    let tcp = sockstat
        .lines()
        .find_map(|line| line.strip_prefix("TCP:"))?;
    let mut words = tcp.split_whitespace().skip_while(|word| *word != "tw");
    words.nth(1)?.parse().ok()
}

/// How many ports a range has: `32768 60999`, with a tab between them.
fn ports_in(range: &str) -> Option<u64> {
    let mut ends = range.split_whitespace().map(str::parse::<u64>);
    let (first, last) = (ends.next()?.ok()?, ends.next()?.ok()?);
    Some(last.checked_sub(first)? + 1)
}

pub(super) fn text(path: impl Into<PathBuf>) -> Option<String> {
    fs::read_to_string(path.into()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_says_of_sockets() {
        let sockstat =
            "sockets: used 290\nTCP: inuse 12 orphan 0 tw 17 alloc 15 mem 2\nUDP: inuse 4 mem 2\n";
        assert_eq!(kept_after_their_end(sockstat), Some(17));
        assert_eq!(kept_after_their_end("TCP: inuse 12\n"), None);
        assert_eq!(kept_after_their_end(""), None);
    }

    #[test]
    fn a_range_of_ports_has_both_its_ends() {
        assert_eq!(ports_in("32768\t60999\n"), Some(28_232));
        assert_eq!(ports_in("1024\t1024\n"), Some(1));
        assert_eq!(ports_in("2 1"), None);
        assert_eq!(ports_in(""), None);
    }

    #[test]
    fn this_process_can_be_read() {
        let system = System::new(1);
        let of_this_thread = thread_cpu();
        let reading = system.read();
        assert!(reading.cpu > Some(Duration::ZERO));
        assert!(of_this_thread <= reading.cpu);
        assert!(system.cores() >= Some(1));
        if cfg!(target_os = "linux") {
            let bind = |_| std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
            let sockets: Vec<_> = (0..300).map(bind).collect();
            let with_sockets = system.read();
            drop(sockets);
            assert!(reading.memory.unwrap().used > 1_000_000, "{reading:?}");
            assert!(reading.memory_peak_bytes >= reading.memory.map(|memory| memory.used));
            // Other tests open files too, and the machine keeps ports of others.
            let files = with_sockets.files.unwrap().used;
            assert!((300..3_000).contains(&files), "{with_sockets:?}");
            assert!(with_sockets.ports.unwrap().used >= 300, "{with_sockets:?}");
        }
    }
}
