//! A task on its way: a closure of some type in a place of one size.

use super::group::Group;
use super::lane::Hand;
use super::task::Task;
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Room for a closure, or for the address of a box with it.
type Place = [MaybeUninit<u64>; 6];

/// What becomes of the closure in the place, of which it takes possession. Does not unwind.
type Call = unsafe fn(*mut Place, Hand, &Group);

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
    /// Writes an object into a place. `FINAL`: what the task submits is run in place.
    ///
    /// # Safety
    ///
    /// The place may be written. The object is run before the group is gone, and before what `f` borrows is.
    #[inline(always)]
    pub(super) unsafe fn write<'s, const FINAL: bool, F>(to: *mut Object, f: F, group: &Group)
    where
        F: FnOnce(&Task<'s>) + Send,
    {
        // SAFETY: the caller's promise; a closure that fits is written as itself, of another one the address.
        unsafe {
            (&raw mut (*to).call).write(call::<FINAL, F>);
            (&raw mut (*to).group).write(group);
            let place = (&raw mut (*to).place).cast::<F>();
            match fits::<F>() {
                true => place.write(f),
                false => place.cast::<*mut F>().write(Box::into_raw(Box::new(f))),
            }
        }
    }

    /// Moves the closure out of an object that nobody runs.
    ///
    /// # Safety
    ///
    /// It was written as an `F`, and is not used any more.
    #[inline(always)]
    pub(super) unsafe fn take<F>(from: *mut Object) -> F {
        // SAFETY: as the caller promises.
        unsafe { take((&raw mut (*from).place).cast()) }
    }

    #[inline(always)]
    pub(super) fn group(&self) -> *const Group {
        self.group
    }

    /// Runs the task, or drops it if its group was cancelled, and counts it off. Never unwinds.
    ///
    /// # Safety
    ///
    /// The hand is the calling thread's own. The object is there until its closure has been moved out, which is the
    /// first that happens; it is not used afterwards.
    #[inline(always)]
    pub(super) unsafe fn run(object: *mut Object, hand: Hand) {
        // SAFETY: the object is there; the group waits for this task: the contract of `write`.
        let (call, group) = unsafe { ((*object).call, (*object).group) };
        let own = &hand.lane().own;
        let outer = own.group.replace(group);
        // SAFETY: the place holds what `call` was made for.
        unsafe { call((&raw mut (*object).place).cast(), hand, &*group) };
        own.group.set(outer);
        // SAFETY: it was counted when it was submitted, and has ended; nothing uses the group afterwards.
        unsafe { Group::ended(group, hand) };
    }
}

/// # Safety
///
/// The place holds an `F` as `Object::new` puts it there, which is moved out; the hand is the calling thread's own.
unsafe fn call<'s, const FINAL: bool, F>(place: *mut Place, hand: Hand, group: &Group)
where
    F: FnOnce(&Task<'s>) + Send,
{
    // SAFETY: as the caller promises.
    let f: F = unsafe { take(place) };
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

/// # Safety
///
/// The place holds an `F` as `Object::write` puts it there, which is moved out.
#[inline(always)]
unsafe fn take<F>(place: *mut Place) -> F {
    // SAFETY: as the caller promises; the address is that of a box which `write` took apart.
    unsafe {
        match fits::<F>() {
            true => place.cast::<F>().read(),
            false => *Box::from_raw(place.cast::<*mut F>().read()),
        }
    }
}
