//! Bytes on their way: what is to be written, and what has come and is not used yet.
//!
//! The room for them is borrowed from the thread when there is something to put in it,
//! and given back when all of that has been used: neither a user who thinks nor one
//! who waits for an answer holds any, and those whose answers come one after the other
//! take turns with the same room. What reads with it does not let it grow with the
//! body, only with the head.

use std::{
    cell::RefCell,
    future::poll_fn,
    io, mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead as _, ReadBuf};

use super::stream::Stream;

/// The size of a buffer, in bytes: a page of a usual application whole, and what
/// the kernel has ready of a large one.
const SIZE_BYTES: usize = 16 << 10;

/// Buffers that a thread keeps for later. More than these are rarely in use at once.
const MAX_FREE: usize = 64;

thread_local! {
    static FREE: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// Bytes, added at the end and used from the front.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    /// All of it may be written to; what lies between `used` and `end` is there. Empty
    /// while nothing is.
    room: Vec<u8>,
    used: usize,
    end: usize,
}

impl Buffer {
    /// What is there and not used.
    pub(super) fn unused(&self) -> &[u8] {
        &self.room[self.used..self.end]
    }

    /// The next `count` bytes, which count as used from now on.
    pub(super) fn take(&mut self, count: usize) -> &[u8] {
        let from = self.used;
        self.used += count;
        &self.room[from..self.used]
    }

    /// Adds bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.have_room();
        let end = self.end + bytes.len();
        if end > self.room.len() {
            self.room.resize(end.next_power_of_two(), 0);
        }
        self.room[self.end..end].copy_from_slice(bytes);
        self.end = end;
    }

    /// Reads more. Returns how much; zero where the other side has ended.
    ///
    /// # Errors
    ///
    /// What the connection says.
    pub(super) async fn fill(&mut self, from: &mut Stream) -> io::Result<usize> {
        poll_fn(|context| self.poll_fill(from, context)).await
    }

    /// [`Buffer::fill`], for those who do something else meanwhile.
    pub(super) fn poll_fill(
        &mut self,
        from: &mut Stream,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        if self.used == self.end {
            self.give_back();
            ready!(from.poll_readable(context))?;
        }
        self.make_room();
        let mut room = ReadBuf::new(&mut self.room[self.end..]);
        let read = Pin::new(from).poll_read(context, &mut room);
        let count = room.filled().len();
        self.end += count;
        if self.used == self.end {
            self.give_back();
        }
        ready!(read)?;
        Poll::Ready(Ok(count))
    }

    /// Borrows room, if there is none.
    fn have_room(&mut self) {
        if self.room.is_empty() {
            let room = FREE.try_with(|free| free.borrow_mut().pop()).ok().flatten();
            self.room = room.unwrap_or_else(|| vec![0; SIZE_BYTES]);
        }
    }

    /// Moves what is not used to the front, and grows only where that is no help.
    fn make_room(&mut self) {
        self.have_room();
        if self.used == self.end {
            self.used = 0;
            self.end = 0;
        } else if self.end == self.room.len() && self.used > 0 {
            self.room.copy_within(self.used..self.end, 0);
            self.end -= self.used;
            self.used = 0;
        }
        if self.end == self.room.len() {
            self.room.resize(self.room.len() * 2, 0);
        }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.give_back();
    }
}

impl Buffer {
    /// Returns the room; what is in it is gone.
    pub(super) fn give_back(&mut self) {
        (self.used, self.end) = (0, 0);
        let room = mem::take(&mut self.room);
        // One that a large head or body made grow is not kept for three days.
        if room.len() != SIZE_BYTES {
            return;
        }
        // A thread that ends has no place for it any more.
        let _ = FREE.try_with(|free| {
            let mut free = free.borrow_mut();
            if free.len() < MAX_FREE {
                free.push(room);
            }
        });
    }
}
