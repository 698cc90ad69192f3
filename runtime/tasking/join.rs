//! `join`: two closures, the second of which another thread may run.

use super::enter::in_crew;
use super::failure::Payload;
use super::group::Group;
use super::lane::Hand;
use super::object::{Object, Place};
use super::scope::{Kind, Scope};
use super::task::Task;
use crate::sync::current::locks_held;
use crate::team::drop_quietly;
use std::cell::UnsafeCell;
use std::mem::{ManuallyDrop, MaybeUninit, forget};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr::null;
use std::sync::atomic::{AtomicU8, Ordering, fence};

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
    in_crew(|hand| both(hand, null(), false, |_| a(), |_| b()))
}

impl<'s> Task<'s> {
    /// Runs both closures, on two threads where one has time, and returns both answers: [`join`](crate::join()) inside
    /// of a group, without looking for the team. Tasks that the closures submit belong to the group.
    ///
    /// Where the thread has tasks enough that others could take, it runs one closure after the other.
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
    #[inline(never)]
    pub fn join<A, B: Send>(
        &self,
        a: impl FnOnce(&Task<'s>) -> A,
        b: impl FnOnce(&Task<'s>) -> B + Send,
    ) -> (A, B) {
        let lane = self.hand().lane();
        if lane.wish.is_met_by(&lane.own.ring) {
            return (a(self), b(self));
        }
        both(self.hand(), self.group_ptr(), self.is_last(), a, b)
    }
}

/// A join whose second closure is on its way. On the stack of the call.
#[repr(C)]
struct Joint<F, B> {
    /// First: whoever has the scope has the joint.
    scope: Scope,
    /// The group that the join is in; null: none.
    group: *const Group,
    /// `WAITS`, then `ENDED`. Relaxed while the closure is in its thread's own ring.
    state: AtomicU8,
    /// Taken by who runs it, before `ENDED`.
    second: UnsafeCell<ManuallyDrop<F>>,
    /// Written by who runs it, before `ENDED`; read by the joint's thread after that.
    answer: UnsafeCell<MaybeUninit<Result<B, Payload>>>,
}

/// The second closure has not been run.
const WAITS: u8 = 0;
/// The same, and it is to be dropped: the first one has panicked.
const GIVEN_UP: u8 = 1;
/// It was run; the answer is there.
const ENDED: u8 = 2;

#[inline(never)]
fn both<'s, A, B: Send, F>(
    hand: Hand,
    group: *const Group,
    last: bool,
    a: impl FnOnce(&Task<'s>) -> A,
    b: F,
) -> (A, B)
where
    F: FnOnce(&Task<'s>) -> B + Send,
{
    let own = &hand.lane().own;
    // SAFETY: the handle is lent to the first closure, on this thread, while the group is there.
    let task = unsafe { Task::new(hand, group, last) };
    let (false, Some(place)) = (last, own.ring.next_place()) else {
        return (a(&task), b(&task));
    };
    let joint = Joint::<F, B> {
        scope: Scope::new(hand, Kind::Join),
        group,
        state: AtomicU8::new(WAITS),
        second: UnsafeCell::new(ManuallyDrop::new(b)),
        answer: UnsafeCell::new(MaybeUninit::uninit()),
    };
    let scope = (&raw const joint).cast();
    own.scope.set(scope);
    // SAFETY: the place is this thread's alone. The object is run or taken back before this returns or unwinds
    // (`Settle`), so `joint` and what the closure borrows are there.
    let at = unsafe {
        Object::write_head(place, call::<F, B>, scope);
        own.ring.add()
    };
    if hand.lane().wish.is_there() {
        hand.hand_over();
    }
    let settle = Settle {
        hand,
        joint: &joint,
        at,
    };
    let locks = locks_held();
    let first = a(&task);
    forget(settle);
    if joint.take_back(hand, at) {
        own.scope.set(joint.scope.parent());
        // SAFETY: it was taken back, so nobody else takes it.
        let second = unsafe { ManuallyDrop::take(&mut *joint.second.get()) };
        return (first, second(&task));
    }
    if locks_held() > locks {
        return holds_a_lock(hand, &joint, first);
    }
    match joint.wait(hand) {
        Ok(second) => (first, second),
        Err(payload) => {
            // A destructor that panics must not meet the payload on its way.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(first))).map_err(drop_quietly);
            resume_unwind(payload)
        }
    }
}

/// The first closure has come back with a lock, for which the second one may be waiting.
#[cold]
fn holds_a_lock<F, A, B, R>(hand: Hand, joint: &Joint<F, B>, first: A) -> R {
    // The answer may be the guard.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(first))).map_err(drop_quietly);
    let second = joint.wait(hand);
    let _ = catch_unwind(AssertUnwindSafe(|| drop(second))).map_err(drop_quietly);
    panic!(
        "the first closure of a join ends with a lock held that it has taken: the second one may be waiting for it; give \
         the lock back before"
    )
}

impl<F, B> Joint<F, B> {
    /// Takes the object out of the ring again, if it is the newest there.
    #[inline(always)]
    fn take_back(&self, hand: Hand, at: usize) -> bool {
        let ring = &hand.lane().own.ring;
        // What has this number is in the ring. So the object was not handed over, for what was given away is below all
        // that is in the ring; and no other thread has it. If this thread took it meanwhile, and something else has its
        // number, then it has run to its end, and the state says so: hence Relaxed, it was this thread.
        ring.newest_is(at)
            && self.state.load(Ordering::Relaxed) != ENDED
            && ring.pop_in_place(|_| true).is_some()
    }

    /// Waits for the answer.
    #[cold]
    #[inline(never)]
    fn wait(&self, hand: Hand) -> Result<B, Payload> {
        // Acquire: pairs with the store in `call`.
        let ended = || self.state.load(Ordering::Acquire) == ENDED;
        hand.wait_until(std::ptr::from_ref(self).cast(), &ended);
        hand.lane().own.scope.set(self.scope.parent());
        // SAFETY: whoever ended it has written the answer before, which is read once.
        unsafe { (*self.answer.get()).assume_init_read() }
    }
}

/// The first closure runs while this lives; if it panics, the second one is dropped, or waited for.
struct Settle<'j, F, B> {
    hand: Hand,
    joint: &'j Joint<F, B>,
    at: usize,
}

impl<F, B> Drop for Settle<'_, F, B> {
    #[cold]
    fn drop(&mut self) {
        let Settle { hand, joint, at } = *self;
        // What the closure or its answer throws when it is dropped must not meet the first one's payload.
        let dropped = if joint.take_back(hand, at) {
            hand.lane().own.scope.set(joint.scope.parent());
            // SAFETY: it was taken back, so nobody else takes it.
            let second = unsafe { ManuallyDrop::take(&mut *joint.second.get()) };
            catch_unwind(AssertUnwindSafe(|| drop(second)))
        } else {
            // Relaxed: a hint; if it comes late, the closure is run in vain. If it has ended, that stays.
            let to = (WAITS, GIVEN_UP, Ordering::Relaxed);
            let _ = joint.state.compare_exchange(to.0, to.1, to.2, to.2);
            let answer = joint.wait(hand);
            catch_unwind(AssertUnwindSafe(|| drop(answer)))
        };
        if let Err(payload) = dropped {
            drop_quietly(payload);
        }
    }
}

/// Runs the second closure of a join, or drops it if the first one has panicked.
///
/// # Safety
///
/// The scope is that of a joint of these types, whose thread waits; the hand is the calling thread's own; called once.
unsafe fn call<'s, F, B>(_: *mut Place, hand: Hand, scope: *const Scope)
where
    F: FnOnce(&Task<'s>) -> B + Send,
    B: Send,
{
    let own = &hand.lane().own;
    // SAFETY: the joint is there up to the store of `ENDED`.
    let joint = unsafe { &*scope.cast::<Joint<F, B>>() };
    let (owner, outer) = (joint.scope.owner(), own.scope.replace(scope));
    // It may run in a wait of the body that is below on this stack: so it is like a task of the group.
    own.tasks.set(own.tasks.get() + 1);
    // SAFETY: called once, and the joint's thread does not take it back: the object is not in its ring any more.
    let second = unsafe { ManuallyDrop::take(&mut *joint.second.get()) };
    // SAFETY: the handle is lent for the call, on this thread, while the group that the join is in waits.
    let task = unsafe { Task::new(hand, joint.group, false) };
    let answer = catch_unwind(AssertUnwindSafe(|| {
        // Relaxed: a hint, see `Settle`.
        if joint.state.load(Ordering::Relaxed) == GIVEN_UP {
            drop(second);
            resume_unwind(Box::new(()));
        }
        second(&task)
    }));
    own.tasks.set(own.tasks.get() - 1);
    own.scope.set(outer);
    hand.ran();
    // SAFETY: nobody else touches it before `ENDED`.
    unsafe { (*joint.answer.get()).write(answer) };
    // Release: pairs with the load in `wait`. The joint may be gone afterwards.
    joint.state.store(ENDED, Ordering::Release);
    if !hand.is_of(owner) {
        // SeqCst: between that and the look at the bell; pairs with the fence in `Bell::sleep`.
        fence(Ordering::SeqCst);
        // SAFETY: lanes outlive the region, in which this thread still is.
        unsafe { owner.as_ref() }.bell.ring();
    }
}
