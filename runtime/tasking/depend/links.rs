//! The edges of the graph: whom a task releases when it ends, and how many a task waits for. README, "Dependences".

use crate::sync::shim::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::marker::PhantomData;
use std::ptr::{null_mut, without_provenance_mut};

/// Whom a task releases: a list to which one thread adds until another one closes it.
pub struct Links<T> {
    /// The newest edge; null: none; `CLOSED`.
    newest: AtomicPtr<Edge<T>>,
    _owns: PhantomData<Box<Edge<T>>>,
}

struct Edge<T> {
    to: T,
    older: *mut Edge<T>,
}

// SAFETY: values are added by one thread and taken by another one.
unsafe impl<T: Send> Send for Links<T> {}
// SAFETY: as above; nobody gets at a value that is in the list.
unsafe impl<T: Send> Sync for Links<T> {}

/// No edge has this address: they are aligned.
fn closed<T>() -> *mut Edge<T> {
    without_provenance_mut(1)
}

impl<T> Links<T> {
    #[allow(clippy::new_without_default, reason = "there are no default links")]
    pub fn new() -> Self {
        Links {
            newest: AtomicPtr::new(null_mut()),
            _owns: PhantomData,
        }
    }

    /// Whether it is closed: the task has ended, and what it did is visible. Acquire: pairs with the swap in `close`.
    pub fn is_closed(&self) -> bool {
        self.newest.load(Ordering::Acquire) == closed()
    }

    /// Adds an edge; gives it back if the list is closed, and then what the task did is visible.
    pub fn add(&self, to: T) -> Result<(), T> {
        let mut seen = self.newest.load(Ordering::Acquire);
        if seen == closed() {
            return Err(to);
        }
        let edge = Box::into_raw(Box::new(Edge { to, older: seen }));
        loop {
            // Release: publishes the edge to the swap in `close`. Acquire: pairs with that swap.
            let now =
                self.newest
                    .compare_exchange(seen, edge, Ordering::Release, Ordering::Acquire);
            seen = match now {
                Ok(_) => return Ok(()),
                // SAFETY: it was made above, and nobody else has seen it.
                Err(now) if now == closed() => return Err(unsafe { Box::from_raw(edge) }.to),
                Err(now) => now,
            };
            // SAFETY: as above.
            unsafe { (*edge).older = seen };
        }
    }

    /// Closes the list; gives all edges to `each`, newest first. Only one thread does, once.
    pub fn close(&self, mut each: impl FnMut(T)) {
        // Acquire: pairs with the additions. Release: whoever finds it closed sees what the task did.
        let mut next = self.newest.swap(closed(), Ordering::AcqRel);
        while !next.is_null() && next != closed() {
            // SAFETY: an edge of the list, which is this thread's now, and is taken apart once.
            let edge = unsafe { Box::from_raw(next) };
            next = edge.older;
            each(edge.to);
        }
    }
}

impl<T> Drop for Links<T> {
    fn drop(&mut self) {
        self.close(drop);
    }
}

/// How many tasks one waits for that have not ended, and one more while it is being submitted.
pub struct Waits(AtomicUsize);

impl Waits {
    #[allow(
        clippy::new_without_default,
        reason = "a task waits for its submission"
    )]
    pub fn new() -> Self {
        Waits(AtomicUsize::new(1))
    }
    /// The submitter, before it adds the edge. Relaxed: the edge publishes it.
    pub fn one_more(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
    /// A predecessor has ended, or was found to have, or the submission has; returns whether it was the last. Release:
    /// what the predecessor did; Acquire for the last one: what all others did.
    #[must_use]
    pub fn one_less(&self) -> bool {
        self.0.fetch_sub(1, Ordering::AcqRel) == 1
    }
    /// For the next round of a graph that is run again; nobody else looks at it meanwhile.
    pub fn reset(&self, to: usize) {
        self.0.store(to, Ordering::Relaxed);
    }
}
