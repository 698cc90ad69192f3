//! How many tasks of a group have not ended: one number that only the group's owner writes, and one for all
//! others. README, "`count.rs`".

use crate::sync::shim::atomic::{AtomicIsize, Ordering};
use std::cell::Cell;

pub struct Count {
    /// Submitted less ended, by the owner.
    here: Cell<isize>,
    /// The same, by all others.
    away: AtomicIsize,
}

// SAFETY: `here` is touched by the owner alone: the contract of `new`.
unsafe impl Sync for Count {}

impl Count {
    /// No tasks.
    ///
    /// # Safety
    ///
    /// Only one thread, the owner, calls the methods whose names end in `here`, and `is_done`.
    pub unsafe fn new() -> Self {
        Count {
            here: Cell::new(0),
            away: AtomicIsize::new(0),
        }
    }
    #[inline(always)]
    pub fn submitted_here(&self) {
        self.here.set(self.here.get() + 1);
    }
    #[inline(always)]
    pub fn ended_here(&self) {
        self.here.set(self.here.get() - 1);
    }
    /// Relaxed: what matters is that it comes before the end of the task that submits, and one thread
    /// makes both changes.
    #[inline(always)]
    pub fn submitted_away(&self) {
        self.away.fetch_add(1, Ordering::Relaxed);
    }
    /// Release: pairs with the load in `is_done`. Nothing of the group may be touched afterwards.
    #[inline(always)]
    pub fn ended_away(&self) {
        self.away.fetch_sub(1, Ordering::Release);
    }
    /// Whether every task has ended; what the tasks did is visible then. Acquire: pairs with the subtractions in
    /// `ended_away`; the changes between are RMWs, so each release is seen.
    #[inline(always)]
    pub fn is_done(&self) -> bool {
        self.here.get() + self.away.load(Ordering::Acquire) == 0
    }
}
