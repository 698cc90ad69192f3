//! `isolate`: code whose waits run nothing but what they wait for.

use crate::sync::current::is_holding;
use std::cell::Cell;

thread_local! {
    /// Calls of `isolate` on the thread's stack.
    static ISOLATED: Cell<u32> = const { Cell::new(0) };
}

/// Runs `f`. A thread that waits inside for tasks runs only tasks that it waits for: no other task can come between,
/// take a lock that `f` holds, or see thread-local data that `f` is changing.
///
/// The same holds for the waits of the tasks that it waits for, in whatever thread. Open the group inside: tasks that were
/// submitted before may run already, and wait for anything.
///
/// The locks of this crate do the same for as long as they are held; `isolate` is for other locks.
///
/// ```
/// use phalanx::prelude::*;
/// let foreign = std::sync::Mutex::new(0);
/// taskgroup(|tg| {
///     for _ in 0..100 {
///         tg.task(|tg| {
///             phalanx::isolate(|| {
///                 let mut sum = foreign.lock().unwrap();
///                 // Waits; another of the hundred, run here meanwhile, would wait for the mutex for ever.
///                 let (a, b) = tg.join(|_| 1, |_| 2);
///                 *sum += a + b;
///             });
///         });
///     }
/// });
/// assert_eq!(foreign.into_inner().unwrap(), 300);
/// ```
pub fn isolate<R>(f: impl FnOnce() -> R) -> R {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            ISOLATED.set(ISOLATED.get() - 1);
        }
    }
    ISOLATED.set(ISOLATED.get() + 1);
    let _leave = Leave;
    f()
}

/// Whether the thread must not run just any task: it is inside of `isolate`, or holds a lock of ours.
#[inline]
pub(super) fn is_isolated() -> bool {
    ISOLATED.get() != 0 || is_holding()
}
