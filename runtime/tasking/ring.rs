//! What a thread has submitted and nobody has asked for yet: a bounded ring that only that thread touches.

use crate::sync::shim::UnsafeCell;
use crate::sync::shim::atomic::{AtomicUsize, Ordering};
use std::cell::Cell;
use std::mem::MaybeUninit;

/// How many values a ring has room for.
pub const ROOM: usize = if cfg!(loom) { 4 } else { 256 };

/// Tasks in its ring from which on a thread keeps the second closure of a join, if nobody asks for tasks: there is
/// enough to hand over. (Each time that somebody takes some, the next joins make it up.)
pub const ENOUGH: usize = ROOM / 32;

/// A ring of values, newest and oldest end both in one thread's hands: it is not `Sync`.
pub struct Ring<T> {
    /// Values at `oldest..newest`, modulo `ROOM`.
    room: Box<[UnsafeCell<MaybeUninit<T>>; ROOM]>,
    oldest: Cell<usize>,
    newest: Cell<usize>,
}

impl<T> Ring<T> {
    #[allow(clippy::new_without_default, reason = "there is no default ring")]
    pub fn new() -> Self {
        let place = |_| UnsafeCell::new(MaybeUninit::uninit());
        Ring {
            room: (0..ROOM)
                .map(place)
                .collect::<Box<[_]>>()
                .try_into()
                .unwrap_or_else(|_| unreachable!("as many places as there is room for")),
            oldest: Cell::new(0),
            newest: Cell::new(0),
        }
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.newest.get().wrapping_sub(self.oldest.get())
    }
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The place for the next value, which is then to be written there and [added](Self::add); `None`: the ring
    /// is full.
    #[inline(always)]
    pub fn next_place(&self) -> Option<*mut T> {
        // It is not in `oldest..newest`, so it holds no value.
        let at = self.newest.get();
        (self.len() < ROOM).then(|| self.room[at % ROOM].with_mut(|p| p.cast()))
    }

    /// Adds the value that was written into the next place; returns its number: the numbers in a ring are all
    /// different, those given away are below all that come later, those taken at the newest end come again.
    ///
    /// # Safety
    ///
    /// It was written.
    #[inline(always)]
    pub unsafe fn add(&self) -> usize {
        let at = self.newest.get();
        self.newest.set(at.wrapping_add(1));
        at
    }

    /// The newest value; the ring gives it back if it is full. (Objects are written in place.)
    #[cfg(any(test, loom))]
    pub fn push(&self, value: T) -> Result<(), T> {
        match self.next_place() {
            None => Err(value),
            Some(place) => {
                // SAFETY: the place is there, and this thread's alone.
                unsafe {
                    place.write(value);
                    self.add();
                }
                Ok(())
            }
        }
    }

    /// Takes the newest value if it is `wanted`, and leaves it in its place: it is to be moved out before the
    /// next one is added.
    #[inline(always)]
    pub fn pop_in_place(&self, wanted: impl FnOnce(&T) -> bool) -> Option<*mut T> {
        if self.is_empty() {
            return None;
        }
        let at = self.newest.get().wrapping_sub(1);
        let place: *mut T = self.room[at % ROOM].with_mut(|p| p.cast());
        // SAFETY: the place is in `oldest..newest`, so it holds a value; `wanted` does not get at the ring.
        if !wanted(unsafe { &*place }) {
            return None;
        }
        self.newest.set(at);
        Some(place)
    }

    /// Takes the newest value if it is `wanted`.
    #[inline(always)]
    pub fn pop_if(&self, wanted: impl FnOnce(&T) -> bool) -> Option<T> {
        // SAFETY: the place holds a value, which is moved once: the ring does not count it any more.
        self.pop_in_place(wanted)
            .map(|place| unsafe { place.read() })
    }

    /// Whether the newest value has this number.
    #[inline(always)]
    pub fn newest_is(&self, at: usize) -> bool {
        !self.is_empty() && self.newest.get() == at.wrapping_add(1)
    }

    /// Gives up to so many values away, oldest first; returns how many.
    pub fn give(&self, most: usize, mut take: impl FnMut(T)) -> usize {
        let n = most.min(self.len());
        for _ in 0..n {
            let at = self.oldest.get();
            self.oldest.set(at.wrapping_add(1));
            // SAFETY: as in `pop_if`, at the other end.
            take(self.room[at % ROOM].with(|p| unsafe { (*p).assume_init_read() }));
        }
        n
    }
}

impl<T> Drop for Ring<T> {
    fn drop(&mut self) {
        while let Some(value) = self.pop_if(|_| true) {
            drop(value);
        }
    }
}

/// Whether others would find nothing in the deque beside the ring that this belongs to; and if not, from which number of
/// the newest value on the ring has enough in it. Relaxed throughout: it orders nothing, and who has nothing to do
/// looks again.
#[repr(align(128))]
#[derive(Debug)]
pub struct Wish(AtomicUsize);

/// Nothing is enough.
const WISHED: usize = usize::MAX;

impl Wish {
    #[allow(clippy::new_without_default, reason = "there is no default wish")]
    pub fn new() -> Self {
        Wish(AtomicUsize::new(WISHED))
    }
    #[inline(always)]
    pub fn is_there(&self) -> bool {
        self.0.load(Ordering::Relaxed) == WISHED
    }
    /// Does not take the line from the owner if it is there already.
    #[inline(always)]
    pub fn set(&self) {
        if !self.is_there() {
            self.0.store(WISHED, Ordering::Relaxed);
        }
    }
    /// The ring's thread has given something away, or is about to.
    pub fn clear<T>(&self, ring: &Ring<T>) {
        self.0
            .store(ring.oldest.get().wrapping_add(ENOUGH), Ordering::Relaxed);
    }
    /// Whether there is no wish, and at least [`ENOUGH`] in the ring.
    #[inline(always)]
    pub fn is_met_by<T>(&self, ring: &Ring<T>) -> bool {
        ring.newest.get() >= self.0.load(Ordering::Relaxed)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use std::collections::VecDeque;

    /// Against a queue, with ends that go round many times.
    #[test]
    fn a_ring_is_a_queue_with_two_ends() {
        let (ring, mut queue) = (Ring::new(), VecDeque::new());
        let mut random = 7u64;
        for k in 0..100_000u64 {
            random = random.wrapping_mul(6364136223846793005).wrapping_add(1);
            match random >> 60 {
                0..9 => match ring.push(Box::new(k)) {
                    Ok(()) => queue.push_back(k),
                    Err(back) => assert_eq!((*back, queue.len()), (k, ROOM)),
                },
                9..15 => assert_eq!(ring.pop_if(|_| true).map(|b| *b), queue.pop_back()),
                _ => {
                    let (mut given, most) = (Vec::new(), random as usize >> 8 & 15);
                    let n = most.min(queue.len());
                    assert_eq!(ring.give(most, |b| given.push(*b)), n);
                    assert_eq!(given, queue.drain(..n).collect::<Vec<_>>());
                }
            }
            assert_eq!(ring.len(), queue.len());
        }
    }
}
