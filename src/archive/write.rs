//! Writing a run as it goes: the second that is over goes to a thread of its own, which
//! alone waits for the disk.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{
    event::{Event, Teller},
    folder::{self, Identity},
    frame::{self, Size},
    segments::Files,
};
use crate::stats::{
    Beginning, Ended, Generator, Keeper, KeptExamples, RunMeta, RunRecord, SceneTotals, Second,
    Slice,
};

/// Seconds that may wait for the disk. Those that find no place become one with the next.
const IN_FLIGHT: usize = 32;

/// How often all numbers so far are written: less than seconds are kept, so that those
/// after the last time are always there.
pub(super) const STATE_EVERY: Duration = Duration::from_secs(300);

/// A file of the plan: what it is called, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanFile {
    pub name: String,
    pub text: String,
}

/// Whether the run waits for the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Never: seconds become longer where the disk is slow.
    OfTheRun,
    /// Always: the run has no time of its own.
    OfTheDisk,
}

/// What was known when the load began.
#[derive(Serialize)]
struct StartRef<'a> {
    meta: &'a RunMeta,
    setup: Option<&'a SceneTotals>,
    series: &'a crate::stats::Series,
}

/// A second as it is written.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SecondRecord {
    pub slice: Slice,
    /// As it stood then.
    pub generator: Generator,
    pub ended: Ended,
}

#[derive(Debug)]
enum Message {
    Start(Vec<u8>),
    Second(Box<Told>),
    End(Vec<u8>),
}

/// All that there is to write of a second.
#[derive(Debug)]
struct Told {
    second: SecondRecord,
    events: Vec<Event>,
    examples: KeptExamples,
    /// All numbers so far, every now and then.
    state: Option<Vec<u8>>,
}

/// Why not all was written, once that is so.
#[derive(Clone, Debug, Default)]
struct Trouble(Arc<Mutex<Option<Arc<str>>>>);

impl Trouble {
    fn note(&self, why: &io::Error) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.get_or_insert_with(|| why.to_string().into());
    }

    fn get(&self) -> Option<Arc<str>> {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.clone()
    }
}

/// A run that is being written.
#[derive(Debug)]
pub struct Archive {
    folder: PathBuf,
    pace: Pace,
    messages: SyncSender<Message>,
    writer: JoinHandle<()>,
    trouble: Trouble,
    /// Locked for as long as the run goes on.
    lock: File,
}

impl Archive {
    /// Begins to write a run into a folder, which is made; what it is about is there at
    /// once.
    ///
    /// # Errors
    ///
    /// If the folder cannot be made or written to, or holds a run already.
    pub fn create(
        folder: &Path,
        identity: &Identity,
        plan: &[PlanFile],
        pace: Pace,
    ) -> io::Result<Archive> {
        fs::create_dir_all(folder)?;
        if folder.join(folder::RUN).exists() {
            return Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                "it holds a run already",
            ));
        }
        let lock = File::create(folder.join(folder::LOCK))?;
        lock.try_lock().map_err(io::Error::from)?;
        let mut text = serde_json::to_string_pretty(identity).map_err(io::Error::other)?;
        text.push('\n');
        fs::write(folder.join(folder::RUN), text)?;
        fs::create_dir_all(folder.join(folder::PLAN))?;
        for file in plan {
            fs::write(folder.join(folder::PLAN).join(&file.name), &file.text)?;
        }
        let (messages, seen) = sync_channel(IN_FLIGHT);
        let trouble = Trouble::default();
        let writer = Writer {
            files: Files::new(folder),
            trouble: trouble.clone(),
        };
        let writer = thread::Builder::new()
            .name("archive".to_owned())
            .spawn(move || writer.write_all(&seen))?;
        Ok(Archive {
            folder: folder.to_owned(),
            pace,
            messages,
            writer,
            trouble,
            lock,
        })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whoever hears of each second.
    pub fn keeper(&self) -> Box<dyn Keeper> {
        Box::new(Listener {
            pace: self.pace,
            messages: self.messages.clone(),
            trouble: self.trouble.clone(),
            teller: Teller::default(),
            held: None,
            state_at: Duration::ZERO,
        })
    }

    /// Writes the record of the whole run, and waits until all is written.
    ///
    /// Returns why something is missing, if something is.
    pub fn finish(self, record: &RunRecord) -> Option<Arc<str>> {
        match frame::record(record, Size::Small) {
            Ok(bytes) => {
                // A writer that is gone has left its trouble.
                let _ = self.messages.send(Message::End(bytes));
            }
            Err(why) => self.trouble.note(&why),
        }
        drop(self.messages);
        if self.writer.join().is_err() {
            self.trouble.note(&io::Error::other("its writer broke"));
        }
        drop(self.lock);
        // Nobody asks for it any more.
        let _ = fs::remove_file(self.folder.join(folder::LOCK));
        self.trouble.get()
    }

    /// Takes away what is there, of a run that never began; of any other all stays.
    ///
    /// # Errors
    ///
    /// If files cannot be removed.
    pub fn discard(self) -> io::Result<()> {
        drop(self.messages);
        // Whatever it has to say does not matter any more.
        let _ = self.writer.join();
        if self.folder.join(folder::START).exists() {
            return Ok(());
        }
        for file in [folder::RUN, folder::LOCK] {
            fs::remove_file(self.folder.join(file))?;
        }
        fs::remove_dir_all(self.folder.join(folder::PLAN))?;
        // Other things may be in it, and folders above may have been there before.
        let _ = fs::remove_dir(&self.folder);
        Ok(())
    }
}

/// Hears of each second where the windows of all workers come together.
#[derive(Debug)]
struct Listener {
    pace: Pace,
    messages: SyncSender<Message>,
    trouble: Trouble,
    teller: Teller,
    /// What found no place, until it does.
    held: Option<Box<Told>>,
    /// When all numbers are written next.
    state_at: Duration,
}

impl Keeper for Listener {
    fn begin(&mut self, beginning: Beginning<'_>) {
        let start = StartRef {
            meta: beginning.meta,
            setup: beginning.setup,
            series: beginning.series,
        };
        match frame::record(&start, Size::Small) {
            // A writer that is gone has left its trouble.
            Ok(bytes) => drop(self.messages.try_send(Message::Start(bytes))),
            Err(why) => self.trouble.note(&why),
        }
        self.state_at = STATE_EVERY;
    }

    fn keep(&mut self, second: Second<'_>) {
        let events = self.teller.news(&second);
        let mut slice = second.slice;
        let state = match slice.to >= self.state_at {
            true => {
                self.state_at = slice.to + STATE_EVERY;
                postcard::to_stdvec(&(slice.to, second.series)).ok()
            }
            false => None,
        };
        let examples = slice.take_examples();
        let now = SecondRecord {
            slice,
            generator: second.generator,
            ended: second.ended,
        };
        let told = match self.held.take() {
            None => Box::new(Told {
                second: now,
                events,
                examples,
                state,
            }),
            Some(mut held) => {
                held.second.slice.add(&now.slice);
                held.second.generator = now.generator;
                held.second.ended = now.ended;
                held.events.extend(events);
                held.examples.add(examples);
                held.state = state.or(held.state);
                held
            }
        };
        match self.pace {
            // A writer that is gone has left its trouble.
            Pace::OfTheDisk => drop(self.messages.send(Message::Second(told))),
            Pace::OfTheRun => {
                if let Err(TrySendError::Full(Message::Second(told))) =
                    self.messages.try_send(Message::Second(told))
                {
                    self.held = Some(told);
                }
            }
        }
    }

    fn trouble(&self) -> Option<Arc<str>> {
        self.trouble.get()
    }
}

impl Drop for Listener {
    /// What found no place waits for one now: the load is over.
    fn drop(&mut self) {
        if let Some(told) = self.held.take() {
            // A writer that is gone has left its trouble.
            let _ = self.messages.send(Message::Second(told));
        }
    }
}

/// The thread that waits for the disk.
struct Writer {
    files: Files,
    trouble: Trouble,
}

impl Writer {
    fn write_all(mut self, messages: &Receiver<Message>) {
        for message in messages {
            let written = match message {
                Message::Start(bytes) => self.files.start(&bytes),
                Message::End(bytes) => self.files.end(&bytes),
                Message::Second(told) => self.second(*told),
            };
            if let Err(why) = written {
                self.trouble.note(&why);
            }
        }
    }

    /// Writes what there is of a second, each thing whatever became of the others.
    fn second(&mut self, told: Told) -> io::Result<()> {
        let files = &mut self.files;
        let events = told.events.iter().map(|event| files.event(event));
        let events = events.fold(Ok(()), Result::and);
        let examples = match told.examples.is_empty() {
            true => Ok(()),
            false => files.examples(&told.examples),
        };
        let second = files.second(&told.second);
        let state = match told.state {
            None => Ok(()),
            Some(state) => files.state(told.second.slice.to, &state),
        };
        events.and(examples).and(second).and(state)
    }
}
