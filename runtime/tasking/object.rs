//! A task on its way: a closure of some type in a place of one size, or the address of a join's.

use super::lane::Hand;
use super::scope::Scope;
use std::mem::MaybeUninit;

/// Room for a closure, or for the address of a box with it.
pub(super) type Place = [MaybeUninit<u64>; 6];

/// What becomes of the closure in the place, of which it takes possession; it sees to it that the scope knows
/// when that has ended. Does not unwind.
pub(super) type Call = unsafe fn(*mut Place, Hand, *const Scope);

/// A task that has not been started. Not dropped, but run, once.
#[repr(C)]
pub(super) struct Object {
    call: Call,
    scope: *const Scope,
    place: Place,
}

// SAFETY: the closure is `Send` (`Group::submit`, `Joint`), and of the scope a thread that ends a task uses what
// is `Sync`.
unsafe impl Send for Object {}

/// Whether closures of this type lie in the object itself.
const fn fits<F>() -> bool {
    size_of::<F>() <= size_of::<Place>() && align_of::<F>() <= align_of::<u64>()
}

impl Object {
    /// Writes an object without a closure into a place.
    ///
    /// # Safety
    ///
    /// The place may be written. The object is run before the scope is gone.
    #[inline(always)]
    pub(super) unsafe fn write_head(to: *mut Object, call: Call, scope: *const Scope) {
        // SAFETY: the caller's promise.
        unsafe {
            (&raw mut (*to).call).write(call);
            (&raw mut (*to).scope).write(scope);
        }
    }

    /// Writes an object into a place; `call` gets the closure by [`take`].
    ///
    /// # Safety
    ///
    /// The place may be written. The object is run before the scope is gone, and before what `f` borrows is.
    #[inline(always)]
    pub(super) unsafe fn write<F: Send>(to: *mut Object, f: F, call: Call, scope: *const Scope) {
        // SAFETY: the caller's promise; a closure that fits is written as itself, of another one the address.
        unsafe {
            Object::write_head(to, call, scope);
            let place = (&raw mut (*to).place).cast::<F>();
            match fits::<F>() {
                true => place.write(f),
                false => place.cast::<*mut F>().write(Box::into_raw(Box::new(f))),
            }
        }
    }

    #[inline(always)]
    pub(super) fn scope(&self) -> *const Scope {
        self.scope
    }

    /// Runs the task, or drops it if its group was cancelled, and counts it off. Never unwinds.
    ///
    /// # Safety
    ///
    /// The hand is the calling thread's own. The object is there until its closure has been moved out, which is the
    /// first that happens; it is not used afterwards.
    #[inline(always)]
    pub(super) unsafe fn run(object: *mut Object, hand: Hand) {
        // SAFETY: the object is there; the place holds what `call` was made for; the scope waits for this task: the
        // contract of `write`.
        unsafe {
            let (call, scope) = ((*object).call, (*object).scope);
            call((&raw mut (*object).place).cast(), hand, scope);
        }
    }
}

/// # Safety
///
/// The place holds an `F` as `Object::write` puts it there, which is moved out.
#[inline(always)]
pub(super) unsafe fn take<F>(place: *mut Place) -> F {
    // SAFETY: as the caller promises; the address is that of a box which `write` took apart.
    unsafe {
        match fits::<F>() {
            true => place.cast::<F>().read(),
            false => *Box::from_raw(place.cast::<*mut F>().read()),
        }
    }
}
