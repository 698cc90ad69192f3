//! What the runtime's locks and waits know of the thread they run on: the locks it holds, and the team
//! whose end it must not outwait.

use super::barrier::Stop;
use super::park::yield_now;
use std::cell::Cell;
use std::panic::{Location, resume_unwind};
use std::ptr::null;
use std::time::Duration;

/// The payload with which a thread leaves a region or a loop that another thread's panic ended.
pub(crate) struct TeamStopped;

thread_local! {
    /// Locks of ours that the thread holds.
    static HELD: Cell<u32> = const { Cell::new(0) };
    /// Where it took the last one.
    static TAKEN: Cell<Option<&'static Location<'static>>> = const { Cell::new(None) };
    /// The flag of the team that it works for.
    static STOP: Cell<*const Stop> = const { Cell::new(null()) };
    /// Its address is the thread's own number.
    static SELF: u8 = const { 0 };
}

/// A number that no other living thread has; not 0.
#[inline(always)]
pub(super) fn this_thread() -> usize {
    SELF.with(|own| std::ptr::from_ref(own).addr())
}

/// Counts a lock as held while it lives. Stays on its thread.
#[derive(Debug)]
pub(super) struct Held(std::marker::PhantomData<*const ()>);

impl Held {
    #[inline(always)]
    pub(super) fn new(at: &'static Location<'static>) -> Self {
        HELD.set(HELD.get() + 1);
        TAKEN.set(Some(at));
        Held(std::marker::PhantomData)
    }
}
impl Drop for Held {
    #[inline(always)]
    fn drop(&mut self) {
        HELD.set(HELD.get() - 1);
    }
}

/// Refuses what would make others wait for a thread that holds a lock: they may be waiting for the lock.
///
/// # Panics
///
/// When the thread holds one.
#[inline(always)]
pub(crate) fn refuse_if_holding(what: &str) {
    if HELD.get() != 0 {
        refuse(what)
    }
}

#[cold]
#[inline(never)]
fn refuse(what: &str) -> ! {
    let taken = TAKEN
        .get()
        .map_or("an unknown place".to_owned(), Location::to_string);
    panic!(
        "{what} is entered by a thread that holds a lock (it took one at {taken}): threads that wait for the \
         lock would never come; leave the lock first"
    )
}

/// The thread works for a team while this lives.
pub(crate) struct WorkingFor(*const Stop);

impl WorkingFor {
    /// # Safety
    ///
    /// The flag outlives the value.
    #[inline(always)]
    pub(crate) unsafe fn new(stop: &Stop) -> Self {
        WorkingFor(STOP.replace(stop))
    }
}
impl Drop for WorkingFor {
    #[inline(always)]
    fn drop(&mut self) {
        STOP.set(self.0);
    }
}

/// Polls before the thread gives up its processor.
const SPINS: u32 = 256;
/// The last poll that yields.
const END_OF_YIELDS: u32 = SPINS + 64;

/// Waits until `ready` holds; leaves the team's work if a teammate has panicked.
#[inline(always)]
pub(super) fn wait_until(mut ready: impl FnMut() -> bool) {
    for _ in 0..64 {
        if ready() {
            return;
        }
        std::hint::spin_loop();
    }
    wait_longer(&mut ready);
}

#[cold]
#[inline(never)]
fn wait_longer(ready: &mut dyn FnMut() -> bool) {
    let mut polls = 0u32;
    while !ready() {
        let stop = STOP.get();
        // SAFETY: `WorkingFor::new`'s contract: the flag is alive as long as it is here.
        if !stop.is_null() && unsafe { (*stop).is_set() } {
            resume_unwind(Box::new(TeamStopped));
        }
        polls = polls.saturating_add(1);
        match polls {
            0..SPINS => std::hint::spin_loop(),
            SPINS..END_OF_YIELDS => yield_now(),
            // Who changes what is waited for calls nobody: it is to cost nothing while all are awake.
            _ => std::thread::sleep(Duration::from_micros(100)),
        }
    }
}
