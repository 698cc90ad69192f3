//! A group: what a call that waits for tasks keeps of them.

use super::count::Count;
use super::depend::Depend;
use super::failure::{Failure, FirstFailure, Payload, reported};
use super::isolate::is_isolated;
use super::lane::Hand;
use super::object::{Object, Place, take};
use super::scope::{Kind, Scope};
use super::task::Task;
use crate::sync::current::{locks_held, refuse_if_holding};
use crate::team::drop_quietly;
use std::cell::OnceCell;
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering, fence};

/// The tasks that one call waits for. On that call's stack.
#[repr(C)]
pub(super) struct Group {
    /// First: whoever has the scope of a group has the group.
    scope: Scope,
    count: Count,
    /// Locks that the thread held which opened it.
    locks: u32,
    /// Tasks that were on its stack.
    tasks: u32,
    /// Relaxed: who sees it late runs a task that need not have run.
    cancelled: AtomicBool,
    failure: FirstFailure,
    /// What its tasks depend on; made by the owner, for the first object. Others look at it after they have got a task that
    /// uses one.
    depend: OnceCell<Box<Depend>>,
}

impl Group {
    #[inline(always)]
    pub(super) fn new(hand: Hand) -> Self {
        Group {
            scope: Scope::new(hand, Kind::Group),
            // SAFETY: `submit`, `ended` and `wait` ask whether the calling thread is the owner.
            count: unsafe { Count::new() },
            locks: locks_held(),
            tasks: hand.lane().own.tasks.get(),
            cancelled: AtomicBool::new(false),
            failure: FirstFailure::new(),
            depend: OnceCell::new(),
        }
    }

    /// Its scope; leads to the whole group.
    #[inline(always)]
    pub(super) fn scope(&self) -> *const Scope {
        std::ptr::from_ref(self).cast()
    }

    /// Counts a task that will be submitted, run or not, and [ended](Self::ended).
    ///
    /// # Safety
    ///
    /// The hand is the calling thread's; the caller is in the group's body or in one of its tasks.
    #[inline(always)]
    pub(super) unsafe fn count(&self, hand: Hand) {
        match hand.is_of(self.scope.owner()) {
            true => self.count.submitted_here(),
            false => self.count.submitted_away(),
        }
    }

    /// Submits a task. `FINAL`: what it submits is run in place.
    ///
    /// # Safety
    ///
    /// The hand is the calling thread's; the caller is in the group's body or in one of its tasks; what `f` borrows
    /// outlives the group.
    #[inline(always)]
    pub(super) unsafe fn submit<'s, const FINAL: bool, F>(&self, hand: Hand, f: F, in_place: bool)
    where
        F: FnOnce(&Task<'s>) + Send,
    {
        // SAFETY: the caller's promise; it has been counted.
        unsafe {
            self.count(hand);
            self.submit_counted::<FINAL, F>(hand, f, in_place);
        }
    }

    /// Submits a task that has been [counted](Self::count).
    ///
    /// # Safety
    ///
    /// The hand is the calling thread's; what `f` borrows outlives the group.
    #[inline(always)]
    pub(super) unsafe fn submit_counted<'s, const FINAL: bool, F>(
        &self,
        hand: Hand,
        f: F,
        in_place: bool,
    ) where
        F: FnOnce(&Task<'s>) + Send,
    {
        let scope = self.scope();
        if !in_place && let Some(place) = hand.lane().own.ring.next_place() {
            // SAFETY: the place is this thread's alone; the group waits for the task, which was counted, and `f`'s
            // data outlive that.
            unsafe {
                Object::write(place, f, call::<FINAL, F>, scope);
                hand.lane().own.ring.add();
            }
            if hand.lane().wish.is_there() {
                hand.hand_over();
            }
            return;
        }
        let mut object = MaybeUninit::uninit();
        // SAFETY: as above.
        unsafe { Object::write(object.as_mut_ptr(), f, call::<FINAL, F>, scope) };
        // SAFETY: it was just written, and the hand is the calling thread's.
        unsafe { hand.submit_to_full(object.assume_init(), in_place) };
    }

    /// A task has ended.
    ///
    /// # Safety
    ///
    /// The hand is the calling thread's; the task was counted, and is counted off here only. The group may be gone
    /// when this returns.
    #[inline(always)]
    pub(super) unsafe fn ended(group: *const Group, hand: Hand) {
        // SAFETY: the group waits for the task, up to the line that counts it off.
        let (owner, count) = unsafe { ((*group).scope.owner(), &(*group).count) };
        if hand.is_of(owner) {
            count.ended_here();
            return;
        }
        // SAFETY: the caller's promise; lanes outlive the region, in which this thread still is.
        unsafe { Group::ended_anywhere(group) };
    }

    /// The same for any thread, be it one of the team's or not.
    ///
    /// # Safety
    ///
    /// What was counted is counted off here only, and the crew of the group outlives the call. The group may be gone when
    /// this returns.
    #[inline(always)]
    pub(super) unsafe fn ended_anywhere(group: *const Group) {
        // SAFETY: the group waits for what was counted, up to the line that counts it off.
        let (owner, count) = unsafe { ((*group).scope.owner(), &(*group).count) };
        count.ended_away();
        // SeqCst: between that and the look at the bell; pairs with the fence in `Bell::sleep`.
        fence(Ordering::SeqCst);
        // SAFETY: the crew is there, and so are its lanes.
        unsafe { owner.as_ref() }.bell.ring();
    }

    /// For the owner: whether all tasks have ended.
    #[inline(always)]
    pub(super) fn is_done(&self) -> bool {
        self.count.is_done()
    }
    #[inline(always)]
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Keeps the first payload, and cancels what has not begun.
    #[cold]
    pub(super) fn fail(&self, payload: Payload) {
        self.cancel();
        self.failure.keep(payload);
    }

    /// The same with a message that gives way to the payload of a task: what happened may be the panic's doing.
    #[cold]
    pub(super) fn fail_softly(&self, message: String) {
        self.cancel();
        self.failure.keep_softly(message);
    }

    /// What it has to go on with, if a task has panicked.
    #[inline]
    fn failure(&self) -> Failure {
        // Only a task that panicked has left something; Relaxed: the count has ordered it.
        if !self.is_cancelled() {
            return Failure::None;
        }
        self.failure.take()
    }

    /// The owner waits in the middle.
    ///
    /// # Panics
    ///
    /// When a task of it has panicked, with the payload. When the caller is in a task of the group, or the thread holds a
    /// lock that it took in the body.
    #[track_caller]
    pub(super) fn wait_in_body(&self, hand: Hand) {
        self.refuse_outside_of_body(hand);
        hand.wait(self);
        self.resume_failure();
    }

    /// # Panics
    ///
    /// When a wait for tasks of the group would not end: as [`wait_in_body`](Self::wait_in_body).
    pub(super) fn refuse_outside_of_body(&self, hand: Hand) {
        assert!(
            hand.lane().own.tasks.get() == self.tasks,
            "a task waits for the group that it belongs to itself (or the closure of a `wait_depend`, or of a join, does): it \
             would never end; open a group in the task, and wait for that"
        );
        if locks_held() > self.locks {
            refuse_if_holding("a wait for tasks that were submitted before");
        }
    }
    /// The same as a question.
    pub(super) fn may_wait_in_body(&self, hand: Hand) -> bool {
        hand.lane().own.tasks.get() == self.tasks && locks_held() <= self.locks
    }

    /// Goes on with the panic of a task, if there was one.
    pub(super) fn resume_failure(&self) {
        match self.failure() {
            Failure::None => {}
            Failure::Payload(payload) => resume_unwind(payload),
            Failure::Reported => reported(),
        }
    }

    /// What its tasks depend on; for the owner.
    pub(super) fn depend(&self) -> &Depend {
        self.depend.get_or_init(|| Box::new(Depend::new()))
    }
    /// A task with dependences has ended.
    pub(super) fn one_node_less(&self) {
        if let Some(depend) = self.depend.get() {
            depend.one_less();
        }
    }
    /// Something has changed that the owner may be waiting for.
    pub(super) fn call_owner(&self) {
        // SeqCst: between that and the look at the bell; pairs with the fence in `Bell::sleep`.
        fence(Ordering::SeqCst);
        // SAFETY: the owner is in the group, and its lane is there.
        unsafe { self.scope.owner().as_ref() }.bell.ring();
    }

    /// Runs `f` as a task of the group, which it gets a handle of.
    ///
    /// # Safety
    ///
    /// The hand is the calling thread's; the group waits for the task.
    pub(super) unsafe fn enter<'s>(&self, hand: Hand, f: impl FnOnce(&Task<'s>)) {
        let own = &hand.lane().own;
        let outer = own.scope.replace(self.scope());
        own.tasks.set(own.tasks.get() + 1);
        // SAFETY: the handle is lent for the call, on the hand's thread.
        f(&unsafe { Task::new(hand, self, false) });
        own.tasks.set(own.tasks.get() - 1);
        own.scope.set(outer);
        hand.ran();
    }

    /// The end of the body is reached with a lock that was taken in it: tasks may be waiting for that.
    #[cold]
    fn fail_for_locks(&self) {
        let refuse =
            || refuse_if_holding("the end of a group of tasks, in which the lock was taken,");
        if let Err(payload) = catch_unwind(refuse) {
            self.fail(payload);
        }
    }

    /// Whether the group, or one that it was opened in, was cancelled.
    pub(super) fn is_cancelled_or_outer(&self) -> bool {
        let mut next = self.scope();
        // SAFETY: this group is there, and so are all that it was opened in.
        while let Some(scope) = unsafe { Scope::group_of(next).as_ref() } {
            // SAFETY: the scope of a group is the beginning of it.
            if unsafe { (*std::ptr::from_ref(scope).cast::<Group>()).is_cancelled() } {
                return true;
            }
            next = scope.parent();
        }
        false
    }
}

/// Runs a task of a group, or drops it if that was cancelled, and counts it off.
///
/// # Safety
///
/// The place holds an `F` as `Object::write` puts it there, which is moved out; the hand is the calling thread's own;
/// the scope is a group's, in which the task was counted.
pub(super) unsafe fn call<'s, const FINAL: bool, F>(
    place: *mut Place,
    hand: Hand,
    scope: *const Scope,
) where
    F: FnOnce(&Task<'s>) + Send,
{
    let own = &hand.lane().own;
    // SAFETY: as the caller promises.
    let (f, group): (F, &Group) = unsafe { (take(place), &*scope.cast()) };
    let outer = own.scope.replace(scope);
    own.tasks.set(own.tasks.get() + 1);
    let ended = if group.is_cancelled() {
        // What a destructor throws is the group's too.
        catch_unwind(AssertUnwindSafe(|| drop(f)))
    } else {
        // SAFETY: the handle is lent to the closure for the call, on the hand's thread, while the group waits.
        let task = unsafe { Task::new(hand, group, FINAL) };
        catch_unwind(AssertUnwindSafe(|| f(&task)))
    };
    if let Err(payload) = ended {
        group.fail(payload);
    }
    own.tasks.set(own.tasks.get() - 1);
    own.scope.set(outer);
    hand.ran();
    // SAFETY: as the caller promises; nothing uses the group afterwards.
    unsafe { Group::ended(group, hand) };
}

/// The thread is in the group's body while this lives; then it waits for all its tasks, whatever happens.
struct End<'g>(Hand, &'g Group);

impl<'g> End<'g> {
    #[inline(always)]
    fn new(hand: Hand, group: &'g Group) -> Self {
        hand.lane().own.scope.set(group.scope());
        End(hand, group)
    }
    /// Waits now.
    #[inline(always)]
    fn wait(self) {
        if !self.1.is_done() {
            self.0.wait(self.1);
        }
        self.0.lane().own.scope.set(self.1.scope.parent());
        std::mem::forget(self);
    }
}
impl Drop for End<'_> {
    #[cold]
    fn drop(&mut self) {
        self.0.wait(self.1);
        self.0.lane().own.scope.set(self.1.scope.parent());
    }
}

/// Opens a group, runs `f` with it, waits for its tasks; goes on with the first panic.
#[inline(always)]
pub(super) fn grouped<R>(hand: Hand, f: impl FnOnce(&Group) -> R) -> R {
    let group = Group::new(hand);
    let end = End::new(hand, &group);
    let r = match catch_unwind(AssertUnwindSafe(|| f(&group))) {
        Ok(r) => Some(r),
        Err(payload) => {
            group.fail(payload);
            None
        }
    };
    if is_isolated() && locks_held() > group.locks {
        group.fail_for_locks();
    }
    end.wait();
    match (group.failure(), r) {
        (Failure::None, Some(r)) => r,
        (Failure::Payload(payload), r) => {
            // A destructor that panics must not meet the payload on its way.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(r))).map_err(drop_quietly);
            resume_unwind(payload)
        }
        (Failure::Reported, _) => reported(),
        (Failure::None, None) => unreachable!("a body that panicked left its payload"),
    }
}
