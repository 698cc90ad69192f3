//! Who comes first at each of the constructs that a team meets in turn; see README.md beside this file.

use super::barrier::{Stop, Stopped};
use super::park::yield_now;
use super::shim::atomic::{AtomicU64, Ordering};

/// Says of each construct, by its number, whether a thread has arrived there, and where it has written down
/// what the construct is.
#[derive(Debug)]
pub struct Turn(AtomicU64);

/// Bits of an index.
const INDEX: u64 = 0x7f;
/// The index is there.
const THERE: u64 = 0x80;

/// How a thread finds a construct that it arrives at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It is the first, and is to write down what the construct is, then to call [`Turn::state`].
    First,
    /// Another one has written it down, at this index.
    Stated(usize),
    /// Another one has, and some thread has gone on to a later construct: this one is without a barrier, so
    /// its index is kept elsewhere.
    Passed,
}

impl Turn {
    pub fn new() -> Self {
        Turn(AtomicU64::new(0))
    }

    /// Arrives at construct `number`. Numbers begin at 1 and grow by one; no thread is more than one
    /// construct with a barrier ahead of another.
    #[inline(always)]
    pub fn arrive(&self, number: u64, stop: &Stop) -> Result<Arrival, Stopped> {
        // Acquire: pairs with the store in `state`.
        let mut seen = self.0.load(Ordering::Acquire);
        if seen >> 8 < number {
            let claim = number << 8;
            // SeqCst: stands before the claimer's look at the barrier; README. (It publishes nothing, and
            // the barrier or the acquired statement of the construct before orders what that one left.)
            // Acquire: as the load above.
            match self
                .0
                .compare_exchange(seen, claim, Ordering::SeqCst, Ordering::Acquire)
            {
                Ok(_) => return Ok(Arrival::First),
                Err(now) => seen = now,
            }
        }
        if seen & THERE == 0 {
            seen = self.wait(number, stop)?;
        }
        Ok(match seen >> 8 == number {
            true => Arrival::Stated((seen & INDEX) as usize),
            false => Arrival::Passed,
        })
    }

    /// Arrives at construct `number`, for which `index` was right when the thread passed the construct before,
    /// and states it in the same step. `None`: another thread has come first, or is a construct behind.
    ///
    /// Nobody has had a claim between, so nothing has been written down since.
    #[inline(always)]
    pub fn state_at_once(&self, number: u64, index: usize) -> Option<()> {
        // Acquire: pairs with the stores in `state`.
        let seen = self.0.load(Ordering::Acquire);
        if seen >> 8 >= number || (seen & THERE == 0 && seen != 0) {
            return None;
        }
        let there = number << 8 | THERE | index as u64;
        // SeqCst: releases as the store in `state` does, and stands before the look at the barrier; README.
        // Relaxed: `arrive` looks again.
        let stated = self
            .0
            .compare_exchange(seen, there, Ordering::SeqCst, Ordering::Relaxed);
        stated.ok().map(|_| ())
    }

    /// Whether a thread has claimed construct `number`, or a later one. SeqCst: stands behind this thread's
    /// arrival at the barrier; README.
    #[inline(always)]
    pub fn has_reached(&self, number: u64) -> bool {
        self.0.load(Ordering::SeqCst) >> 8 >= number
    }

    /// The first one has written down what construct `number` is.
    #[inline(always)]
    pub fn state(&self, number: u64, index: usize) {
        // Release: pairs with the loads in `arrive`.
        self.0
            .store(number << 8 | THERE | index as u64, Ordering::Release);
    }

    /// Another thread is writing: it takes no longer than its processor lets it.
    #[inline(never)]
    fn wait(&self, number: u64, stop: &Stop) -> Result<u64, Stopped> {
        let mut polls = 0u32;
        loop {
            // Acquire: pairs with the store in `state`.
            let seen = self.0.load(Ordering::Acquire);
            if seen >> 8 > number || (seen >> 8 == number && seen & THERE != 0) {
                return Ok(seen);
            }
            if stop.is_set() {
                return Err(Stopped);
            }
            polls += 1;
            if polls.is_multiple_of(64) || cfg!(loom) {
                yield_now();
            } else {
                std::hint::spin_loop();
            }
        }
    }
}

impl Default for Turn {
    fn default() -> Self {
        Turn::new()
    }
}
