//! What threads of a team do that would only wait otherwise: a barrier knows that there is something, not what.

use super::shim::atomic::{AtomicUsize, Ordering};
use super::shim::between_seqcst;
use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Work that any thread of a team may take part in.
pub trait IdleWork: Any + Send + Sync {
    /// The calling thread, which is one of the team's and waits, works or sleeps until nothing is
    /// [open](Idle::is_open) any more. Does not unwind.
    fn help(&self, idle: &Idle);
}

/// Whether a team has such work. README, "`idle.rs`".
pub struct Idle {
    /// Threads of the team that have begun something which others may help with, and have not ended it. They
    /// do not arrive at a barrier of the team meanwhile.
    open: AtomicUsize,
    /// Made by whoever brings the first such work.
    work: OnceLock<Arc<dyn IdleWork>>,
}

impl Idle {
    pub fn new() -> Self {
        Idle {
            open: AtomicUsize::new(0),
            work: OnceLock::new(),
        }
    }
    /// The work, made if there is none yet.
    #[inline]
    pub fn work(&self, make: impl FnOnce() -> Arc<dyn IdleWork>) -> &Arc<dyn IdleWork> {
        self.work.get_or_init(make)
    }
    /// Whether there ever was such work. Acquire, by the cell: a hint.
    #[inline(always)]
    pub fn is_used(&self) -> bool {
        self.work.get().is_some()
    }
    /// Whether there is something to help with. Acquire: pairs with the addition in `open`, so that `work` is
    /// there.
    #[inline(always)]
    pub fn is_open(&self) -> bool {
        self.open.load(Ordering::Acquire) != 0
    }
    /// The same for a thread that has announced that it will sleep. SeqCst: pairs with the addition in `open`.
    #[inline]
    pub fn is_open_in_order(&self) -> bool {
        self.open.load(Ordering::SeqCst) != 0
    }
    /// The calling thread begins something. Threads that sleep at a barrier are to be called afterwards.
    pub fn open(&self) {
        // SeqCst: stands before the look for sleepers; README, "`idle.rs`".
        self.open.fetch_add(1, Ordering::SeqCst);
        between_seqcst();
    }
    /// It has ended it; returns whether nothing is open now. Threads that sleep in `help` are to be called then.
    pub fn close(&self) -> bool {
        // SeqCst: stands before the look for sleepers.
        let last = self.open.fetch_sub(1, Ordering::SeqCst) == 1;
        between_seqcst();
        last
    }
    /// Helps until nothing is open.
    #[cold]
    pub fn help(&self) {
        if let Some(work) = self.work.get() {
            work.help(self);
        }
    }
}

impl Default for Idle {
    fn default() -> Self {
        Idle::new()
    }
}
impl fmt::Debug for Idle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Idle").field("open", &self.open).finish()
    }
}
