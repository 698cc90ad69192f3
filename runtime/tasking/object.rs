//! A task on its way: a closure of some type in a place of one size.

use super::group::Group;
use super::lane::Hand;
use super::task::Task;
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Room for a closure, or for the address of a box with it.
type Place = [MaybeUninit<u64>; 6];

/// What becomes of the closure in the place, of which it takes possession. Does not unwind.
type Call = unsafe fn(&mut Place, Hand, &Group);

/// A task that has not been started. Not dropped, but run, once.
#[repr(C)]
pub(super) struct Object {
    call: Call,
    group: *const Group,
    place: Place,
}

// SAFETY: the closure is `Send` (`new`), and of the group a thread that ends a task uses what is `Sync`.
unsafe impl Send for Object {}

/// Whether closures of this type lie in the object itself.
const fn fits<F>() -> bool {
    size_of::<F>() <= size_of::<Place>() && align_of::<F>() <= align_of::<u64>()
}

impl Object {
    /// `FINAL`: what the task submits is run in place.
    ///
    /// # Safety
    ///
    /// The object is run before the group is gone, and before what `f` borrows is.
    #[inline(always)]
    pub(super) unsafe fn new<'s, const FINAL: bool, F>(f: F, group: &Group) -> Self
    where
        F: FnOnce(&Task<'s>) + Send,
    {
        let mut place: Place = [MaybeUninit::uninit(); 6];
        if fits::<F>() {
            // SAFETY: it fits in size and alignment.
            unsafe { place.as_mut_ptr().cast::<F>().write(f) };
        } else {
            let boxed = Box::into_raw(Box::new(f));
            // SAFETY: an address fits.
            unsafe { place.as_mut_ptr().cast::<*mut F>().write(boxed) };
        }
        Object {
            call: call::<FINAL, F>,
            group,
            place,
        }
    }

    #[inline(always)]
    pub(super) fn group(&self) -> *const Group {
        self.group
    }

    /// Runs the task, or drops it if its group was cancelled, and counts it off. Never unwinds.
    ///
    /// # Safety
    ///
    /// The hand is the calling thread's own.
    #[inline(always)]
    pub(super) unsafe fn run(mut self, hand: Hand) {
        // SAFETY: the group waits for this task: the contract of `new`.
        let group = unsafe { &*self.group };
        let outer = hand.lane().own.group.replace(self.group);
        // SAFETY: the place holds what `call` was made for, and is not used again.
        unsafe { (self.call)(&mut self.place, hand, group) };
        hand.lane().own.group.set(outer);
        // SAFETY: it was counted when it was submitted, and has ended; nothing uses the group afterwards.
        unsafe { Group::ended(self.group, hand) };
    }
}

/// # Safety
///
/// The place holds an `F` as `Object::new` puts it there, which is moved out; the hand is the calling thread's own.
unsafe fn call<'s, const FINAL: bool, F>(place: &mut Place, hand: Hand, group: &Group)
where
    F: FnOnce(&Task<'s>) + Send,
{
    let f = if fits::<F>() {
        // SAFETY: as the caller promises.
        unsafe { place.as_mut_ptr().cast::<F>().read() }
    } else {
        // SAFETY: the address is that of a box which `new` took apart.
        *unsafe { Box::from_raw(place.as_mut_ptr().cast::<*mut F>().read()) }
    };
    if group.is_cancelled() {
        // What a destructor throws is the group's too.
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(f))) {
            group.fail(payload);
        }
        return;
    }
    // SAFETY: the handle is lent to the closure for the call, on the hand's thread, while the group waits.
    let task = unsafe { Task::new(hand, group, FINAL) };
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| f(&task))) {
        group.fail(payload);
    }
}
