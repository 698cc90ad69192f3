//! `join`: two closures, the second of which another thread may run.

use super::enter::in_crew;
use super::group::grouped;
use super::lane::Hand;
use super::task::Task;

/// Runs both closures, on two threads where one has time, and returns both answers.
///
/// ```
/// let (sum, max) = phalanx::join(|| (0..100).sum::<i32>(), || (0..100).max());
/// assert_eq!((sum, max), (4950, Some(99)));
/// ```
///
/// # Panics
///
/// With the payload of the closure that panicked first; if that was `a`, `b` may not have run. Outside of any region:
/// when the thread holds a lock.
#[track_caller]
pub fn join<A: Send, B: Send>(
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    in_crew(|hand| both(hand, false, |_| a(), |_| b()))
}

impl Task<'_> {
    /// Runs both closures, on two threads where one has time, and returns both answers: [`join`](crate::join()) inside a task, without
    /// looking for the team.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// fn fib(tg: &Task<'_>, n: u64) -> u64 {
    ///     if n < 2 {
    ///         return n;
    ///     }
    ///     let (a, b) = tg.join(|tg| fib(tg, n - 1), |tg| fib(tg, n - 2));
    ///     a + b
    /// }
    /// assert_eq!(taskgroup(|tg| fib(tg, 20)), 6765);
    /// ```
    ///
    /// # Panics
    ///
    /// With the payload of the closure that panicked first.
    #[inline]
    pub fn join<A, B: Send>(
        &self,
        a: impl FnOnce(&Task<'_>) -> A,
        b: impl FnOnce(&Task<'_>) -> B + Send,
    ) -> (A, B) {
        both(self.hand(), self.is_last(), a, b)
    }
}

/// Where the task puts its answer.
struct Answer<B>(*mut Option<B>);
// SAFETY: the place is the task's alone until its group has ended; `B` goes to the thread that waits for that.
unsafe impl<B: Send> Send for Answer<B> {}
impl<B> Answer<B> {
    /// # Safety
    ///
    /// The place is there, and nobody else's.
    unsafe fn put(self, b: B) {
        // SAFETY: the caller's promise.
        unsafe { *self.0 = Some(b) };
    }
}

#[inline(always)]
fn both<A, B: Send>(
    hand: Hand,
    last: bool,
    a: impl FnOnce(&Task<'_>) -> A,
    b: impl FnOnce(&Task<'_>) -> B + Send,
) -> (A, B) {
    let mut second = None;
    let answer = Answer(&raw mut second);
    let first = grouped(hand, |group| {
        // SAFETY: `grouped` waits for the task before it returns or unwinds, so `second` and what `b` borrows are
        // there, and `second` is not touched meanwhile. The handle is lent, while the group is there.
        let task = unsafe {
            let second = move |t: &Task<'_>| answer.put(b(t));
            match last {
                false => group.submit::<false, _>(hand, second, false),
                true => group.submit::<true, _>(hand, second, true),
            }
            Task::new(hand, group, last)
        };
        a(&task)
    });
    let second = second.expect("a group that does not panic has run its tasks");
    (first, second)
}
