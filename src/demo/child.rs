//! The demo in a process of its own.
//!
//! A target in the process that measures would take its share of that process's
//! threads and memory and spoil the figures of both.
//!
//! The child ends when its standard input does. That end is in the parent's
//! hands alone, and the kernel closes it however the parent ends, so no demo is
//! left behind.

use std::{
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// How long the child may take to tell its address.
const START_WITHIN: Duration = Duration::from_secs(30);

/// A demo in a child process, which is gone when this is dropped.
#[derive(Debug)]
pub struct Child {
    process: process::Child,
    url: String,
}

/// Why the demo's process is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The path of our own program is not known.
    #[error("the path of this program is not known")]
    NoProgram(#[source] io::Error),
    /// The program could not be started.
    #[error("`{}` could not be started as the demo", program.display())]
    Spawn { program: PathBuf, source: io::Error },
    /// It ended, or closed its output, before it told its address.
    #[error("the demo ended before it told its address (what it said is above)")]
    Ended,
    /// It printed something else.
    #[error("the demo printed `{line}` in place of its address")]
    NoAddress { line: String },
    /// It printed nothing in time.
    #[error("the demo told no address within {} seconds", START_WITHIN.as_secs())]
    TimedOut,
}

impl Child {
    /// Starts this very program as the demo, on a port that is free.
    ///
    /// Waits until it listens.
    ///
    /// # Errors
    ///
    /// See [`StartError`]; what the child itself has to say is on stderr.
    pub fn start() -> Result<Child, StartError> {
        let program = std::env::current_exe().map_err(StartError::NoProgram)?;
        Child::start_program(&program)
    }

    /// Starts another `plan` program as the demo.
    ///
    /// # Errors
    ///
    /// As those of [`Child::start`].
    pub fn start_program(program: &Path) -> Result<Child, StartError> {
        let process = Command::new(program)
            .args(["demo", "--child", "--port", "0"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|source| StartError::Spawn {
                program: program.to_owned(),
                source,
            })?;
        // From here on, returning early drops the child and thereby ends it.
        let mut child = Child {
            process,
            url: String::new(),
        };
        child.url = child.address()?;
        Ok(child)
    }

    /// Where it listens: `http://127.0.0.1:40123`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The number of its process.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    fn address(&mut self) -> Result<String, StartError> {
        let output = self.process.stdout.take().expect("it was piped above");
        let (told, line) = mpsc::channel();
        // A pipe cannot be read with a time limit, but a channel can. The
        // thread ends with the line, or with the child.
        thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(output).read_line(&mut line);
            let _ = told.send(read.map(|_| line));
        });
        let line = match line.recv_timeout(START_WITHIN) {
            Ok(Ok(line)) if !line.is_empty() => line,
            Ok(_) => return Err(StartError::Ended),
            Err(_) => return Err(StartError::TimedOut),
        };
        let line = line.trim_end();
        if line.starts_with("http://127.0.0.1:") {
            Ok(line.to_owned())
        } else {
            Err(StartError::NoAddress {
                line: line.to_owned(),
            })
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // Nothing in it is worth keeping, so there is no need to ask politely.
        // Both fail only if it is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
