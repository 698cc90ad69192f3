//! A group: what a call that waits for tasks keeps of them.

use super::count::Count;
use super::lane::{Hand, Lane};
use super::object::Object;
use super::task::Task;
use crate::team::drop_quietly;
use parking_lot::Mutex;
use std::any::Any;
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
    /// Relaxed: who sees it late runs a task that need not have run.
    cancelled: AtomicBool,
    /// What the first of its tasks to panic panicked with.
    panic: Mutex<Option<Payload>>,
}

impl Group {
    #[inline(always)]
    fn new(hand: Hand) -> Self {
        Group {
            // SAFETY: `submit`, `ended` and `wait` ask whether the calling thread is the owner.
            count: unsafe { Count::new() },
            owner: hand.lane_ptr(),
            parent: hand.lane().own.group.get(),
            cancelled: AtomicBool::new(false),
            panic: Mutex::new(None),
        }
    }

    /// Submits a task.
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
        match hand.is_of(self.owner) {
            true => self.count.submitted_here(),
            false => self.count.submitted_away(),
        }
        // SAFETY: the group waits for the task that was just counted, and `f`'s data outlive that.
        let object = unsafe { Object::new::<FINAL, F>(f, self) };
        if in_place {
            // SAFETY: the caller's promise.
            unsafe { object.run(hand) }
        } else {
            hand.submit(object);
        }
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
        self.panic.lock().take()
    }

    /// The group that it was opened in.
    pub(super) fn parent(&self) -> *const Group {
        self.parent
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

/// Opens a group, runs `f` with it, waits for its tasks; goes on with the first panic.
#[inline(always)]
pub(super) fn grouped<R>(hand: Hand, f: impl FnOnce(&Group) -> R) -> R {
    /// Waits for all tasks, whatever happens.
    struct End<'g>(Hand, &'g Group);
    impl Drop for End<'_> {
        #[inline(always)]
        fn drop(&mut self) {
            self.0.wait(self.1);
            self.0.lane().own.group.set(self.1.parent);
        }
    }
    let group = Group::new(hand);
    let end = End(hand, &group);
    hand.lane().own.group.set(&group);
    let r = match catch_unwind(AssertUnwindSafe(|| f(&group))) {
        Ok(r) => Some(r),
        Err(payload) => {
            group.fail(payload);
            None
        }
    };
    drop(end);
    match (group.panic.into_inner(), r) {
        (None, Some(r)) => r,
        (Some(payload), _) => resume_unwind(payload),
        (None, None) => unreachable!("a body that panicked left its payload"),
    }
}
