//! Whether a thread's tasks are so short that it pays to keep them to itself. README, "Fine and coarse".

use std::cell::Cell;
use std::time::{Duration, Instant};

/// Tasks from one look at the clock to the next.
const SAMPLE: u32 = 32;
/// Tasks that take less are kept, until others ask: to hand one over takes a tenth of that.
const FINE: Duration = Duration::from_nanos(500);

/// What a thread knows of the tasks that it has run of late.
pub(super) struct Grain {
    /// Tasks until the next look at the clock.
    left: Cell<u32>,
    /// When it looked last.
    since: Cell<Option<Instant>>,
    fine: Cell<bool>,
}

impl Grain {
    pub(super) fn new() -> Self {
        Grain {
            left: Cell::new(SAMPLE),
            since: Cell::new(None),
            fine: Cell::new(true),
        }
    }

    /// Nothing is known: each task may be a long one.
    pub(super) fn forget(&self) {
        self.left.set(SAMPLE);
        self.since.set(Some(Instant::now()));
        self.fine.set(false);
    }

    #[inline(always)]
    pub(super) fn is_fine(&self) -> bool {
        self.fine.get()
    }

    /// A task has been run. Returns whether it was found out now that they are coarse.
    #[inline(always)]
    pub(super) fn ran(&self) -> bool {
        let left = self.left.get() - 1;
        self.left.set(left);
        left == 0 && self.look()
    }

    #[cold]
    fn look(&self) -> bool {
        let now = Instant::now();
        let took = self.since.replace(Some(now)).map(|then| now - then);
        self.left.set(SAMPLE);
        self.fine.set(took.is_some_and(|t| t < FINE * SAMPLE));
        !self.fine.get()
    }
}
