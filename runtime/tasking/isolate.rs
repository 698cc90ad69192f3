//! `isolate`: code whose waits run nothing but what they wait for.

use crate::sync::current::Among;
pub(super) use crate::sync::current::is_restricted as is_isolated;

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
    let _isolated = Among::isolation();
    f()
}
