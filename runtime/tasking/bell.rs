//! Where a thread of a crew sleeps, and is called. README, "Sleeping".

use crate::sync::park::Word;
use crate::sync::shim::atomic::{AtomicU32, Ordering, fence};

#[repr(align(128))]
#[derive(Debug)]
pub struct Bell {
    /// What the thread sleeps on.
    word: Word,
    /// 1: it sleeps, or is about to.
    asleep: AtomicU32,
}

impl Bell {
    #[allow(clippy::new_without_default, reason = "there is no default bell")]
    pub fn new() -> Self {
        Bell {
            word: Word::new(0),
            asleep: AtomicU32::new(0),
        }
    }

    /// The bell's own thread: sleeps until it is called, unless `stay` says that there is something. May
    /// return for no reason.
    pub fn sleep(&self, stay: impl FnOnce() -> bool) {
        // Relaxed: read before the announcement; a ringer that has seen that changes the word after.
        let seen = self.word.load(Ordering::Relaxed);
        // Relaxed: the fence orders it.
        self.asleep.store(1, Ordering::Relaxed);
        // SeqCst: between the announcement and the look; pairs with the fence that callers of `ring` have
        // between their change and that call.
        fence(Ordering::SeqCst);
        if !stay() {
            self.word.sleep_while(seen);
        }
        // Relaxed: a stale 1 costs a ringer a call.
        self.asleep.store(0, Ordering::Relaxed);
    }

    /// Calls the thread if it sleeps; returns whether it did. The caller has had a SeqCst fence since it changed what
    /// the thread may wait for.
    pub fn ring(&self) -> bool {
        // Relaxed, both: the fences order them; one ringer takes the announcement.
        if self.asleep.load(Ordering::Relaxed) == 0 || self.asleep.swap(0, Ordering::Relaxed) == 0 {
            return false;
        }
        // SeqCst: stands before the wake-up call; `../sync/README.md`, (3).
        self.word.add(1, Ordering::SeqCst);
        self.word.wake();
        true
    }
}
