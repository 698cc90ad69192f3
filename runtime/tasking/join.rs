//! `join`: two closures, the second of which another thread may run.

use super::enter::in_crew;
use super::group::{End, Group};
use super::lane::Hand;
use super::object::Object;
use super::task::Task;
use std::marker::PhantomData;
use std::panic::resume_unwind;

/// Runs both closures, on two threads where one has time, and returns both answers.
///
/// ```
/// let (sum, max) = phalanx::join(|| (0..100).sum::<i32>(), || (0..100).max());
/// assert_eq!((sum, max), (4950, Some(99)));
/// ```
///
/// # Panics
///
/// With the payload of the closure that panicked, of `a` if both have; then `b` may not have run. Outside of any region:
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
    /// With the payload of the closure that panicked; if both have, of `a`.
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
    #[inline(always)]
    unsafe fn put(self, b: B) {
        // SAFETY: the caller's promise.
        unsafe { *self.0 = Some(b) };
    }
}

/// Cancels a group if the thread unwinds.
struct OrCancel<'g>(&'g Group);
impl Drop for OrCancel<'_> {
    fn drop(&mut self) {
        self.0.cancel();
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
    let answer: *mut Option<B> = &mut second;
    let group = Group::new(hand);
    let end = End::new(hand, &group);
    // SAFETY: `end` waits for the task before this returns or unwinds, so `second` and what `b` borrows are there. The
    // handle is lent, on this thread, while the group is there.
    let (task, (at, of)) = unsafe {
        let answer = Answer(answer);
        let second = move |t: &Task<'_>| answer.put(b(t));
        (
            Task::new(hand, &group, last),
            submit(hand, &group, second, last),
        )
    };
    let or_cancel = OrCancel(&group);
    let first = a(&task);
    std::mem::forget(or_cancel);
    let ring = &hand.lane().own.ring;
    // What has this number is in the ring. So the task was not handed over, for what was given away is below all that is
    // in the ring; and no other thread has it. If this thread took it meanwhile, and something else has its number, then it
    // has run to its end, and the answer is there, or the group was cancelled.
    let here = at.is_some_and(|at| ring.newest_is(at));
    // SAFETY: hence only this thread touches the answer, if it is here.
    let not_run = here && unsafe { (*answer).is_none() };
    if not_run
        && !group.is_cancelled()
        && let Some(object) = ring.pop_in_place(|_| true)
    {
        group.took_back();
        // SAFETY: as argued above, it is the one that `submit` wrote.
        let second = unsafe { taken(object, of) };
        second(&task);
    }
    end.wait();
    if let Some(payload) = group.take_panic() {
        resume_unwind(payload);
    }
    let second = second.expect("a group that does not panic has run its tasks");
    (first, second)
}

/// Submits a task, and remembers its type.
///
/// # Safety
///
/// That of `Group::submit`.
#[inline(always)]
unsafe fn submit<'s, F>(
    hand: Hand,
    group: &Group,
    f: F,
    last: bool,
) -> (Option<usize>, PhantomData<F>)
where
    F: FnOnce(&Task<'s>) + Send,
{
    // SAFETY: the caller's promise.
    let at = unsafe {
        match last {
            false => group.submit::<false, F>(hand, f, false),
            true => group.submit::<true, F>(hand, f, true),
        }
    };
    (at, PhantomData)
}

/// # Safety
///
/// That of `Object::take`.
#[inline(always)]
unsafe fn taken<F>(object: *mut Object, _: PhantomData<F>) -> F {
    // SAFETY: the caller's promise.
    unsafe { Object::take(object) }
}
