//! Where a thread of a crew sleeps, and is called. README, "Sleeping".

use crate::sync::park::Word;
use crate::sync::shim::atomic::{Ordering, fence};

/// A number that only grows: odd while the bell's thread sleeps or is about to.
#[repr(align(128))]
#[derive(Debug)]
pub struct Bell(Word);

impl Bell {
    #[allow(clippy::new_without_default, reason = "there is no default bell")]
    pub fn new() -> Self {
        Bell(Word::new(0))
    }

    /// The bell's own thread: sleeps until it is called, unless `stay` says that there is something. May
    /// return for no reason.
    pub fn sleep(&self, stay: impl FnOnce() -> bool) {
        // Even -> odd: the announcement. Relaxed: the fence orders it.
        let asleep = self.0.add(1, Ordering::Relaxed).wrapping_add(1);
        // SeqCst: between the announcement and the look; pairs with the fence that callers of `ring` have
        // between their change and that call.
        fence(Ordering::SeqCst);
        if !stay() {
            self.0.sleep_while(asleep);
        }
        // Takes the announcement back, if no ringer has.
        self.take(asleep);
    }

    /// Calls the thread if it sleeps; returns whether it did. The caller has had a SeqCst fence since it changed what
    /// the thread may wait for.
    pub fn ring(&self) -> bool {
        // Relaxed: the fences order it.
        let seen = self.0.load(Ordering::Relaxed);
        let rings = !seen.is_multiple_of(2) && self.take(seen);
        if rings {
            self.0.wake();
        }
        rings
    }

    /// Odd -> even: the sleeper itself, or one ringer. SeqCst: a ringer's change stands before its wake-up call;
    /// `../sync/README.md`, (3). It publishes nothing.
    fn take(&self, asleep: u32) -> bool {
        self.0
            .replace(asleep, asleep.wrapping_add(1), Ordering::SeqCst)
    }
}
