//! What the runtime's locks and waits know of the thread they run on: the locks it holds, and the teams
//! whose end it must not outwait.

use super::barrier::Stopped;
use super::park::yield_now;
use std::cell::Cell;
use std::panic::{Location, resume_unwind};
use std::ptr::null;
use std::thread::panicking;
use std::time::Duration;

/// The payload with which a thread leaves a region or a loop that another thread's panic ended.
pub(crate) struct TeamStopped;

thread_local! {
    /// Locks of ours that the thread holds, groups of tasks that it has opened or helps with, and calls of
    /// `isolate` that it is in: three counts in one word, for who asks for all asks often.
    static HELD: Cell<u64> = const { Cell::new(0) };
    /// Where it took the last one.
    static TAKEN: Cell<Option<&'static Location<'static>>> = const { Cell::new(None) };
    /// What it does for the innermost team that it works for.
    static WORK: Cell<*const Work<'static>> = const { Cell::new(null()) };
    /// Its address is the thread's own number.
    static SELF: u8 = const { 0 };
}

/// Where the counts in `HELD` are: locks from bit 0, groups from bit 24, isolation from bit 32.
const LOCKS: u64 = (1 << 24) - 1;
const A_GROUP: u64 = 1 << 24;
const NO_CONSTRUCTS: u64 = (1 << 32) - 1;
const AN_ISOLATION: u64 = 1 << 32;

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
        // (A guard that outlived its region, in a variable of the thread, has been counted off already.)
        if is_holding() {
            HELD.set(HELD.get() - 1);
        }
    }
}

/// The thread is among tasks, or isolated, while this lives. Stays on its thread.
pub(crate) struct Among(u64);

impl Among {
    /// Among tasks: no construct of a region may be entered, for the teammates wait for the tasks.
    pub(crate) fn tasks() -> Self {
        Among::count(A_GROUP)
    }
    /// Isolated: see `tasking::isolate`.
    pub(crate) fn isolation() -> Self {
        Among::count(AN_ISOLATION)
    }
    fn count(one: u64) -> Self {
        HELD.set(HELD.get() + one);
        Among(one)
    }
}
impl Drop for Among {
    fn drop(&mut self) {
        HELD.set(HELD.get() - self.0);
    }
}

/// Whether the thread holds a lock, or is isolated.
#[inline(always)]
pub(crate) fn is_restricted() -> bool {
    HELD.get() & (LOCKS | !NO_CONSTRUCTS) != 0
}

/// Locks that the thread holds.
#[inline(always)]
pub(crate) fn locks_held() -> u32 {
    (HELD.get() & LOCKS) as u32
}

/// Whether the thread holds a lock.
#[inline(always)]
pub(crate) fn is_holding() -> bool {
    HELD.get() & LOCKS != 0
}

/// The thread's part in a region: what it holds in there is counted anew, so that a guard which it forgets
/// there does no harm later.
pub(crate) struct Holdings(u64);

impl Holdings {
    #[inline(always)]
    pub(crate) fn new() -> Self {
        let held = HELD.get();
        // A store that changes nothing would still be one on the way of each fork.
        if held != 0 {
            HELD.set(0);
        }
        Holdings(held)
    }
    /// # Panics
    ///
    /// When the thread holds a lock that it took in here.
    #[inline(always)]
    pub(crate) fn end(self) {
        if is_holding() {
            forgotten()
        }
    }
}
impl Drop for Holdings {
    #[inline(always)]
    fn drop(&mut self) {
        if HELD.get() != self.0 {
            HELD.set(self.0);
        }
    }
}

#[cold]
#[inline(never)]
fn forgotten() -> ! {
    panic!(
        "a thread comes to the end of its part in a parallel loop or region and holds a lock (it took one at \
         {}): it has forgotten the guard, and the lock stays taken",
        taken()
    )
}

/// Where the last lock was taken.
fn taken() -> String {
    TAKEN
        .get()
        .map_or("an unknown place".to_owned(), Location::to_string)
}

/// Refuses what would make others wait for a thread that holds a lock: they may be waiting for the lock.
///
/// # Panics
///
/// When the thread holds one.
#[inline(always)]
#[track_caller]
pub(crate) fn refuse_if_holding(what: &str) {
    if is_holding() {
        refuse(what)
    }
}

/// Refuses a construct of a region where teammates would wait for it in vain.
///
/// # Panics
///
/// When the thread holds a lock, or is among tasks.
#[inline(always)]
#[track_caller]
pub(crate) fn refuse_construct(what: &str) {
    if !may_enter_constructs() {
        refuse_here(what)
    }
}

/// Whether the thread neither holds a lock nor is among tasks.
#[inline(always)]
pub(crate) fn may_enter_constructs() -> bool {
    HELD.get() & NO_CONSTRUCTS == 0
}

#[cold]
#[inline(never)]
#[track_caller]
fn refuse_here(what: &str) -> ! {
    refuse_if_holding(what);
    panic!(
        "{what} is entered inside of a group of tasks or of a task: the other threads come to it when the tasks \
         have ended; enter it after the group"
    )
}

#[cold]
#[inline(never)]
#[track_caller]
fn refuse(what: &str) -> ! {
    panic!(
        "{what} is entered by a thread that holds a lock (it took one at {}): threads that wait for the lock \
         would never come; leave the lock first",
        taken()
    )
}

/// A team, as one asks it that waits for what one of its threads may never do.
pub(crate) trait Mates: Sync {
    /// Whether it was given up.
    fn has_stopped(&self) -> bool;
    /// Gives the team up, if others of it are in another construct than thread `num`: they will not do what it
    /// waits for.
    ///
    /// # Panics
    ///
    /// Then: with a message that names both places.
    ///
    /// # Safety
    ///
    /// Thread `num` works for it, and is the caller, or waits for the end of a fork in which the caller works;
    /// it is in user code.
    unsafe fn look_for_strays(&self, num: usize);
    /// What the thread that forked it was doing.
    fn outer(&self) -> Outer;
}

/// What a thread does for a team: it is number `num` there.
pub(crate) struct Work<'t> {
    pub(crate) team: &'t dyn Mates,
    pub(crate) num: usize,
}

/// What a thread was doing when it forked; or nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outer(*const Work<'static>);

// SAFETY: `Work` is `Sync`, for its team is.
unsafe impl Send for Outer {}
// SAFETY: as above.
unsafe impl Sync for Outer {}

impl Outer {
    pub(crate) const NONE: Self = Outer(null());
    /// What the calling thread does now.
    #[inline(always)]
    pub(crate) fn here() -> Self {
        Outer(WORK.get())
    }
}

/// The thread works for a team while this lives.
pub(crate) struct WorkingFor(*const Work<'static>);

impl WorkingFor {
    /// # Safety
    ///
    /// The work outlives the value, and so does what its team's [`outer`](Mates::outer) is: the thread that
    /// forked waits for the fork's end.
    #[inline(always)]
    pub(crate) unsafe fn new(work: &Work<'_>) -> Self {
        WorkingFor(WORK.replace(std::ptr::from_ref(work).cast()))
    }
}
impl Drop for WorkingFor {
    #[inline(always)]
    fn drop(&mut self) {
        WORK.set(self.0);
    }
}

/// The teams that the calling thread works for, from the innermost one: what it does there, or what the thread
/// does that forked, and that waits for it.
fn work() -> impl Iterator<Item = &'static Work<'static>> {
    let mut next = WORK.get();
    std::iter::from_fn(move || {
        // SAFETY: `WorkingFor::new`'s contract: the works are alive as long as the thread is in the fork, and
        // it is while this function's caller waits, who lets go of them.
        let work = unsafe { next.as_ref()? };
        next = work.team.outer().0;
        Some(work)
    })
}

/// Whether one of the teams that the thread works for was given up.
pub(crate) fn has_stopped() -> bool {
    work().any(|w| w.team.has_stopped())
}

/// What a wait asks now and then: leaves the team's work if that was given up, or has to be now.
///
/// A thread that unwinds already must not panic again: the answer tells it that a team was given up.
#[cold]
fn look_around(polls: u32) -> Result<(), Stopped> {
    match (has_stopped(), panicking()) {
        (true, true) => return Err(Stopped),
        (true, false) => leave(),
        (false, false) if polls.is_multiple_of(LOOKS) => {
            // SAFETY: as `work` says; each of the threads waits for the next one's fork, and this one is in user
            // code that called a wait.
            work().for_each(|w| unsafe { w.team.look_for_strays(w.num) });
        }
        _ => {}
    }
    Ok(())
}

/// Leaves a region or a loop that another thread's panic ended.
#[cold]
#[inline(never)]
pub(crate) fn leave() -> ! {
    resume_unwind(Box::new(TeamStopped))
}

/// Waits for a lock, by trials that take a while each. (A thread that unwinds waits for as long as it takes:
/// the holder will most likely give it back, and it must not panic again.)
#[cold]
pub(super) fn try_until(mut got: impl FnMut(Duration) -> bool) {
    let mut polls = 0u32;
    while !got(Duration::from_millis(1)) {
        polls = polls.wrapping_add(1);
        let _ = look_around(polls);
    }
}

/// Polls before the thread gives up its processor.
const SPINS: u32 = 256;
/// The last poll that yields.
const END_OF_YIELDS: u32 = SPINS + 64;
/// Polls from one look for teammates that are elsewhere to the next.
const LOOKS: u32 = 16;

/// Waits until `ready` holds; leaves the team's work if a teammate has panicked. If the thread unwinds already, the
/// answer says so.
#[inline(always)]
pub(super) fn wait_until(mut ready: impl FnMut() -> bool) -> Result<(), Stopped> {
    for _ in 0..64 {
        if ready() {
            return Ok(());
        }
        std::hint::spin_loop();
    }
    wait_longer(&mut ready)
}

#[cold]
#[inline(never)]
fn wait_longer(ready: &mut dyn FnMut() -> bool) -> Result<(), Stopped> {
    let mut polls = 0u32;
    while !ready() {
        polls = polls.checked_add(1).unwrap_or(END_OF_YIELDS);
        if polls >= SPINS {
            look_around(polls)?;
        }
        match polls {
            0..SPINS => std::hint::spin_loop(),
            SPINS..END_OF_YIELDS => yield_now(),
            // Who changes what is waited for calls nobody: it is to cost nothing while all are awake.
            _ => std::thread::sleep(Duration::from_micros(100)),
        }
    }
    Ok(())
}
