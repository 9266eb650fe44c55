//! How much memory this process has, and how much it could have.

use std::path::PathBuf;

use super::text;
use crate::stats::Level;

/// The control group that bounds the memory of this process.
#[derive(Debug)]
pub(super) struct Group {
    limit: PathBuf,
    used: PathBuf,
    stat: PathBuf,
    /// What the pages are called in `stat` that would be given back at once.
    given_back: &'static str,
}

impl Group {
    /// The own one. Of groups above it, whose limits hold too, nothing is known.
    pub fn own() -> Option<Group> {
        let groups = text("/proc/self/cgroup")?;
        let (version, path) = memory_group(&groups)?;
        // Inside a container its own folder is often the root of what is seen.
        [path, ""].into_iter().find_map(|path| {
            let group = Group::at(version, path);
            text(&group.used).is_some().then_some(group)
        })
    }

    fn at(version: Version, path: &str) -> Group {
        let (root, limit, used, given_back) = match version {
            Version::One => (
                "/sys/fs/cgroup/memory",
                "memory.limit_in_bytes",
                "memory.usage_in_bytes",
                "total_inactive_file",
            ),
            Version::Two => (
                "/sys/fs/cgroup",
                "memory.max",
                "memory.current",
                "inactive_file",
            ),
        };
        let folder = PathBuf::from(root).join(path.trim_start_matches('/'));
        Group {
            limit: folder.join(limit),
            used: folder.join(used),
            stat: folder.join("memory.stat"),
            given_back,
        }
    }

    /// How many more bytes it may have; `None` without a limit.
    fn room(&self) -> Option<u64> {
        let number = |path| text(path)?.trim().parse::<u64>().ok();
        // `max` is no number.
        let limit = number(&self.limit)?;
        let used = number(&self.used)?;
        let given_back = text(&self.stat).and_then(|stat| field(&stat, self.given_back));
        let used = used.saturating_sub(given_back.unwrap_or(0));
        Some(limit.saturating_sub(used))
    }
}

/// What is in memory now with what it could become, and the most there ever was; all
/// in bytes.
pub(super) fn read(group: Option<&Group>) -> (Option<Level>, Option<u64>) {
    let Some(status) = text("/proc/self/status") else {
        return (None, None);
    };
    let machine = text("/proc/meminfo").and_then(|memory| kib(&memory, "MemAvailable:"));
    let room = [machine, group.and_then(Group::room)];
    let level = kib(&status, "VmRSS:").map(|used| Level {
        used,
        limit: room.into_iter().flatten().min().map(|room| used + room),
    });
    (level, kib(&status, "VmHWM:"))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

/// The group that bounds memory, in the words of `/proc/self/cgroup`.
fn memory_group(groups: &str) -> Option<(Version, &str)> {
    let of = |wanted: fn(&str) -> bool, version| {
        groups.lines().find_map(|line| {
            let (_, rest) = line.split_once(':')?;
            let (controllers, path) = rest.split_once(':')?;
            wanted(controllers).then_some((version, path))
        })
    };
    // Where both are there, the old one has the memory.
    of(
        |controllers| controllers.split(',').any(|one| one == "memory"),
        Version::One,
    )
    .or_else(|| of(str::is_empty, Version::Two))
}

/// The number after a name.
fn field(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        (words.next()? == name).then(|| words.next()?.parse().ok())?
    })
}

/// The same, of a size that is given in KiB.
fn kib(text: &str, name: &str) -> Option<u64> {
    field(text, name)?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_found_by_their_whole_name() {
        let status = "VmPeak:\t    9 kB\nVmHWM:\t    1728 kB\nVmRSS:\t     12 kB\n";
        assert_eq!(kib(status, "VmHWM:"), Some(1728 * 1024));
        assert_eq!(kib(status, "VmRSS:"), Some(12 * 1024));
        assert_eq!(kib(status, "VmSwap:"), None);
        let stat = "total_inactive_file 7\ninactive_file 5\n";
        assert_eq!(field(stat, "inactive_file"), Some(5));
    }

    #[test]
    #[rustfmt::skip]
    fn the_group_that_bounds_memory_is_found_in_both_versions() {
        let rows = [
            ("0::/user.slice\n",                         Some((Version::Two, "/user.slice"))),
            ("4:memory:/a\n0::/\n",                      Some((Version::One, "/a"))),
            ("5:cpu,memory:/b:c\n4:cpuset:/\n",          Some((Version::One, "/b:c"))),
            ("5:cpu,cpuacct:/\n",                        None),
            ("",                                         None),
        ];
        for (groups, expected) in rows {
            assert_eq!(memory_group(groups), expected, "{groups:?}");
        }
        let group = Group::at(Version::Two, "/user.slice");
        assert_eq!(group.limit, PathBuf::from("/sys/fs/cgroup/user.slice/memory.max"));
    }
}
