//! Loops whose body may fail: the first error in iteration order comes back.

use super::chunks::Thread;
use super::loops::team_loop;
use super::source::{IntoSource, Source};
use crate::team::options::Options;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Runs `body(item)` for each item until one fails.
///
/// Returns the error of the first failing iteration **in iteration order**, whatever the timing:
/// iterations after it may be left out, iterations before it all run. The rest of the loop stops
/// soon.
///
/// ```
/// use phalanx::prelude::*;
/// let text = ["1", "2", "x", "4", "y"];
/// let numbers = phalanx::try_parallel_for(Static, &text, |s| s.parse::<i32>().map(drop).map_err(|_| *s));
/// assert_eq!(numbers, Err("x"));
/// ```
///
/// # Errors
///
/// What the body returned.
///
/// # Panics
///
/// As [`crate::parallel_for()`].
#[track_caller]
pub fn try_parallel_for<S: IntoSource, E: Send>(
    options: impl Into<Options>,
    source: S,
    body: impl Fn(S::Item) -> Result<(), E> + Sync,
) -> Result<(), E> {
    let source = source.into_source();
    let found = FirstError {
        at: AtomicUsize::new(usize::MAX),
        error: Mutex::new(None),
    };
    let (len, first) = (source.len(), &found);
    let part = move |thread: &mut Thread<'_>| {
        // SAFETY: `team_loop` hands each position to one thread, once, and `source` outlives it.
        let source = unsafe { source.alias() };
        while let Some(r) = thread.next_short() {
            for k in r {
                let at = first.at.load(Ordering::Relaxed);
                if k > at {
                    thread.cut(at);
                    break;
                }
                // SAFETY: as above.
                if let Err(e) = body(unsafe { source.get(k) }) {
                    first.put(k, e);
                    thread.cut(k);
                    break;
                }
            }
        }
    };
    team_loop(&options.into(), len, part, drop);
    match found.error.into_inner() {
        Some((_, e)) => Err(e),
        None => Ok(()),
    }
}

/// The error with the smallest position so far.
struct FirstError<E> {
    /// Position of `error`: later iterations need not run. It only falls, and guards no data (the
    /// mutex does), hence `Relaxed`.
    at: AtomicUsize,
    error: Mutex<Option<(usize, E)>>,
}

impl<E> FirstError<E> {
    fn put(&self, k: usize, e: E) {
        let mut error = self.error.lock();
        if error.as_ref().is_none_or(|(at, _)| k < *at) {
            let older = error.replace((k, e));
            self.at.store(k, Ordering::Relaxed);
            drop(error);
            // Dropped outside the lock: its destructor is the user's.
            drop(older);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::Schedule;

    #[test]
    fn the_first_error_in_order_wins_under_every_schedule() {
        use Schedule::*;
        for s in [
            Static,
            StaticChunk(3),
            Dynamic(1),
            MonotonicDynamic(7),
            Guided(1),
        ] {
            for n in [1, 2, 3, 8] {
                let ran = AtomicUsize::new(0);
                let r = try_parallel_for(s.num_threads(n), 0..10_000usize, |i| {
                    ran.fetch_add(1, Ordering::Relaxed);
                    if i % 1000 == 777 { Err(i) } else { Ok(()) }
                });
                assert_eq!(r, Err(777), "{s} on {n}");
                assert!(ran.into_inner() >= 778);
            }
        }
    }

    #[test]
    fn no_error_is_ok() {
        assert_eq!(
            try_parallel_for(Schedule::Static, 0..10, |_| Ok::<_, ()>(())),
            Ok(())
        );
    }
}
