//! How many files this process may have open: each connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The limit of open files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileLimit {
    /// What holds now; `None` without a limit.
    pub files: Option<u64>,
    /// Up to which this user could raise it; `None` without a limit.
    pub most: Option<u64>,
}

/// Raises the limit as far as this user may: the low one that systems begin with is
/// meant for programs that cannot cope with more.
///
/// A system that refuses leaves it as it is, which is what is returned then.
pub fn raise_file_limit() -> FileLimit {
    let limit = getrlimit(Resource::Nofile);
    // Fails where the hard limit is above what the system gives anyone.
    let _ = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: limit.maximum,
            maximum: limit.maximum,
        },
    );
    let limit = getrlimit(Resource::Nofile);
    FileLimit {
        files: limit.current,
        most: limit.maximum,
    }
}
