//! The files of a run that is being written: what goes where, and what goes away.

use std::{
    collections::VecDeque,
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    event::Event,
    folder,
    frame::{self, Size},
    tiers::Tiers,
    write::SecondRecord,
};
use crate::stats::KeptExamples;

/// For how long seconds and tens of seconds are kept.
pub(super) const SECONDS_FOR: Duration = Duration::from_secs(10 * 60);
pub(super) const TENS_FOR: Duration = Duration::from_secs(2 * 60 * 60);

/// How many minutes are in a file of tens of seconds.
const MINUTES_OF_A_FILE: u32 = 10;

/// How many of the last states are kept: where the last one is broken, there is one.
const STATES: usize = 2;

/// All files of a run.
#[derive(Debug)]
pub(super) struct Files {
    folder: PathBuf,
    tiers: Tiers,
    seconds: Ring,
    tens: Ring,
    minutes: Appended,
    events: Appended,
    examples: Appended,
    minutes_in_file: u32,
}

impl Files {
    pub fn new(folder: &Path) -> Files {
        let appended = |name| Appended::new(folder.join(name));
        Files {
            folder: folder.to_owned(),
            tiers: Tiers::default(),
            seconds: Ring::new(folder, folder::SECONDS, SECONDS_FOR),
            tens: Ring::new(folder, folder::TENS, TENS_FOR),
            minutes: appended(folder::MINUTES),
            events: appended(folder::EVENTS),
            examples: appended(folder::EXAMPLES),
            minutes_in_file: 0,
        }
    }

    pub fn start(&self, bytes: &[u8]) -> io::Result<()> {
        write_whole(&self.folder.join(folder::START), bytes)
    }

    pub fn end(&self, bytes: &[u8]) -> io::Result<()> {
        write_whole(&self.folder.join(folder::END), bytes)
    }

    pub fn event(&mut self, event: &Event) -> io::Result<()> {
        self.events.append(&frame::record(event, Size::AsItIs)?)
    }

    pub fn examples(&mut self, examples: &KeptExamples) -> io::Result<()> {
        self.examples.append(&frame::record(examples, Size::Small)?)
    }

    /// Writes a second, and what has become whole with it.
    pub fn second(&mut self, second: &SecondRecord) -> io::Result<()> {
        let slice = &second.slice;
        let whole = self.tiers.add(slice);
        let span = (slice.from, slice.to);
        let mut written = self
            .seconds
            .append(span, &frame::record(second, Size::AsItIs)?);
        if let Some(tens) = &whole.tens {
            let record = frame::record(tens, Size::Small)?;
            written = written.and(self.tens.append((tens.from, tens.to), &record));
        }
        if let Some(minute) = &whole.minute {
            written = written.and(self.minutes.append(&frame::record(minute, Size::Small)?));
            self.seconds.close();
            self.minutes_in_file += 1;
            if self.minutes_in_file == MINUTES_OF_A_FILE {
                self.minutes_in_file = 0;
                self.tens.close();
            }
        }
        written
    }

    /// Writes all numbers so far, and takes older ones away.
    pub fn state(&self, at: Duration, content: &[u8]) -> io::Result<()> {
        let path = self.folder.join(folder::numbered(folder::STATE, at));
        write_whole(&path, &frame::framed(content, Size::Small)?)?;
        let states = folder::all_of(&self.folder, folder::STATE)?;
        for old in states.iter().rev().skip(STATES) {
            fs::remove_file(old)?;
        }
        Ok(())
    }
}

/// Writes a file so that it is there as a whole or not at all.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = path.with_extension("part");
    fs::write(&part, bytes)?;
    fs::rename(&part, path)
}

/// Files of which the oldest go away.
#[derive(Debug)]
struct Ring {
    folder: PathBuf,
    kind: &'static str,
    keep: Duration,
    open: Option<(Appended, Duration)>,
    /// Oldest first, with when each ends.
    closed: VecDeque<(PathBuf, Duration)>,
}

impl Ring {
    fn new(folder: &Path, kind: &'static str, keep: Duration) -> Ring {
        Ring {
            folder: folder.to_owned(),
            kind,
            keep,
            open: None,
            closed: VecDeque::new(),
        }
    }

    fn append(&mut self, (from, to): (Duration, Duration), bytes: &[u8]) -> io::Result<()> {
        let (file, until) = self.open.get_or_insert_with(|| {
            let name = folder::numbered(self.kind, from);
            (Appended::new(self.folder.join(name)), to)
        });
        *until = to;
        file.append(bytes)
    }

    /// What comes next is in a new file; those that are too old go away.
    fn close(&mut self) {
        let Some((file, until)) = self.open.take() else {
            return;
        };
        self.closed.push_back((file.path, until));
        while let Some((path, to)) = self.closed.front()
            && *to + self.keep <= until
        {
            // One that cannot be removed is only too much.
            let _ = fs::remove_file(path);
            self.closed.pop_front();
        }
    }
}

/// A file that is only ever appended to.
#[derive(Debug)]
pub(super) struct Appended {
    path: PathBuf,
    file: Option<File>,
    /// Up to where it is whole.
    length: u64,
}

impl Appended {
    pub fn new(path: PathBuf) -> Appended {
        Appended {
            path,
            file: None,
            length: 0,
        }
    }

    /// Writes a record as a whole, or not at all as far as that can be helped.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                let options = File::options().append(true).create(true).open(&self.path);
                self.file.insert(options?)
            }
        };
        match file.write_all(bytes) {
            Ok(()) => self.length += bytes.len() as u64,
            Err(why) => {
                // Where this cannot be done either, whoever reads passes it over.
                let _ = file.set_len(self.length);
                self.file = None;
                return Err(why);
            }
        }
        Ok(())
    }
}
