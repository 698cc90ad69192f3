//! A group: what a call that waits for tasks keeps of them.

use super::count::Count;
use super::isolate::is_isolated;
use super::lane::{Hand, Lane};
use super::object::Object;
use super::task::Task;
use crate::team::drop_quietly;
use parking_lot::Mutex;
use std::any::Any;
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, Ordering, fence};

type Payload = Box<dyn Any + Send>;

/// The tasks that one call waits for. On that call's stack.
pub(super) struct Group {
    count: Count,
    /// The lane of the thread that opened it.
    owner: NonNull<Lane>,
    /// The group whose body or task opened it; null: none.
    parent: *const Group,
    /// Opened inside of `isolate` or under a lock, or by a task of such a group: its tasks, wherever they run, wait
    /// as the thread that opened it does.
    isolated: bool,
    /// Relaxed: who sees it late runs a task that need not have run.
    cancelled: AtomicBool,
    /// What the first of its tasks to panic panicked with.
    panic: Mutex<Option<Payload>>,
}

impl Group {
    #[inline(always)]
    pub(super) fn new(hand: Hand) -> Self {
        let parent = hand.lane().own.group.get();
        Group {
            // SAFETY: `submit`, `ended` and `wait` ask whether the calling thread is the owner.
            count: unsafe { Count::new() },
            owner: hand.lane_ptr(),
            // SAFETY: the thread is in the body or a task of its parent, which is there.
            isolated: is_isolated() || unsafe { Group::isolates(parent) },
            parent,
            cancelled: AtomicBool::new(false),
            panic: Mutex::new(None),
        }
    }

    /// Submits a task; returns its number in this thread's ring, if it went there.
    ///
    /// # Safety
    ///
    /// The hand is the calling thread's; the caller is in the group's body or in one of its tasks; what `f` borrows
    /// outlives the group.
    #[inline(always)]
    pub(super) unsafe fn submit<'s, const FINAL: bool, F>(
        &self,
        hand: Hand,
        f: F,
        in_place: bool,
    ) -> Option<usize>
    where
        F: FnOnce(&Task<'s>) + Send,
    {
        match hand.is_of(self.owner) {
            true => self.count.submitted_here(),
            false => self.count.submitted_away(),
        }
        if !in_place && let Some(place) = hand.lane().own.ring.next_place() {
            // SAFETY: the place is this thread's alone; the group waits for the task that was just counted, and `f`'s
            // data outlive that.
            let at = unsafe {
                Object::write::<FINAL, F>(place, f, self);
                hand.lane().own.ring.add()
            };
            if hand.lane().wish.is_there() {
                hand.hand_over();
            }
            return Some(at);
        }
        let mut object = MaybeUninit::uninit();
        // SAFETY: as above.
        unsafe { Object::write::<FINAL, F>(object.as_mut_ptr(), f, self) };
        // SAFETY: it was just written, and the hand is the calling thread's.
        unsafe { hand.submit_to_full(object.assume_init(), in_place) };
        None
    }

    /// The owner takes a task back that it submitted, and runs it itself.
    #[inline(always)]
    pub(super) fn took_back(&self) {
        self.count.ended_here();
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
        let (owner, count) = unsafe { ((*group).owner, &(*group).count) };
        if hand.is_of(owner) {
            count.ended_here();
            return;
        }
        count.ended_away();
        // SeqCst: between that and the look at the bell; pairs with the fence in `Bell::sleep`.
        fence(Ordering::SeqCst);
        // SAFETY: lanes outlive the region, in which this thread still is.
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
        let mut first = self.panic.lock();
        if first.is_none() {
            *first = Some(payload);
            return;
        }
        drop(first);
        drop_quietly(payload);
    }

    /// What it has to go on with, if a task has panicked.
    #[inline]
    pub(super) fn take_panic(&self) -> Option<Payload> {
        // Only a task that panicked has left something; Relaxed: the count has ordered it.
        if !self.is_cancelled() {
            return None;
        }
        self.take_payload()
    }

    #[cold]
    fn take_payload(&self) -> Option<Payload> {
        self.panic.lock().take()
    }

    /// The group that it was opened in.
    pub(super) fn parent(&self) -> *const Group {
        self.parent
    }

    /// Whether it is isolated; null is not.
    ///
    /// # Safety
    ///
    /// It is there, or null.
    #[inline(always)]
    pub(super) unsafe fn isolates(group: *const Group) -> bool {
        // SAFETY: the caller's promise.
        unsafe { group.as_ref() }.is_some_and(|g| g.isolated)
    }

    /// Whether `group` is `of`, or was opened inside of it; nothing is outside of null.
    ///
    /// # Safety
    ///
    /// `group` waits for something, so it is there, and so are all that it was opened in.
    pub(super) unsafe fn descends(mut group: *const Group, of: *const Group) -> bool {
        // SAFETY: as the caller promises.
        while let Some(here) = unsafe { group.as_ref() } {
            if group == of {
                return true;
            }
            group = here.parent;
        }
        of.is_null()
    }
}

/// The thread is in the group's body while this lives; then it waits for all its tasks, whatever happens.
pub(super) struct End<'g>(Hand, &'g Group);

impl<'g> End<'g> {
    #[inline(always)]
    pub(super) fn new(hand: Hand, group: &'g Group) -> Self {
        hand.lane().own.group.set(group);
        End(hand, group)
    }
    /// Waits now.
    #[inline(always)]
    pub(super) fn wait(self) {
        if !self.1.is_done() {
            self.0.wait(self.1);
        }
        self.0.lane().own.group.set(self.1.parent);
        std::mem::forget(self);
    }
}
impl Drop for End<'_> {
    #[cold]
    fn drop(&mut self) {
        self.0.wait(self.1);
        self.0.lane().own.group.set(self.1.parent);
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
    end.wait();
    match (group.take_panic(), r) {
        (None, Some(r)) => r,
        (Some(payload), _) => resume_unwind(payload),
        (None, None) => unreachable!("a body that panicked left its payload"),
    }
}
