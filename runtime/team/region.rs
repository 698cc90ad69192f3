//! A region: the same function on every thread of a team, and what a thread knows and does in it.

use super::identity::{Identity, Kind};
use super::nesting::with_local;
use super::origin::Origin;
use super::position::Position;
use super::ring::Ring;
use super::slot::Slot;
use super::{Panics, Team, drop_quietly, with_team};
use crate::schedule::Schedule;
use crate::sync::barrier::Stopped;
pub(crate) use crate::sync::current::leave;
use crate::sync::current::{may_enter_constructs, refuse_construct};
use crate::sync::patience::{Patience, WaitPolicy};
use crate::team::options::Options;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::thread::panicking;

/// One thread's part in a region: its number, its team, and the constructs that it enters with the others.
///
/// Every construct takes it as `&mut`, so that none can be entered inside another; and it stays on its
/// thread. A function that takes `&mut Ctx` may contain constructs of its own ("orphaned" ones, OpenMP
/// 6.0, "Worksharing Constructs").
///
/// All threads of a team meet the same constructs in the same order, with equal schedules, lengths and
/// arrays. The runtime compares, at each construct, before any thread that differs runs its part: it then
/// panics on every thread with a message that names both places.
pub struct Ctx<'r> {
    team: &'r Team,
    ring: &'r Ring,
    num: usize,
    position: Position,
    patience: Patience,
    _own_thread: PhantomData<*const ()>,
}

/// A construct that a thread has entered. Unless it is closed, the thread unwinds out of it, and the team
/// is given up, for the thread may have left its part half done.
#[must_use]
pub(crate) struct Entered<'r> {
    pub(crate) team: &'r Team,
    pub(crate) slot: &'r Slot,
    /// Of a loop: as the first thread to arrive found it.
    pub(crate) schedule: Schedule,
    /// Whether the thread was the first to arrive.
    pub(crate) first: bool,
    at: (&'static Location<'static>, u64),
    closed: bool,
}

/// Gives the team up when it is dropped.
struct GiveUp<'t>(&'t Team);
impl Drop for GiveUp<'_> {
    fn drop(&mut self) {
        self.0.poison();
    }
}

impl Drop for Entered<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        if !self.closed {
            self.team.poison();
        }
    }
}

impl<'r> Ctx<'r> {
    fn new(team: &'r Team, num: usize) -> Self {
        let ring = team.ring();
        let patience = with_local(|l| l.take_waiting());
        Ctx {
            team,
            ring,
            num,
            // SAFETY: this is thread `num`.
            position: unsafe { ring.begin(num) },
            patience: patience.unwrap_or_else(|| Patience::new(WaitPolicy::passive(), 0)),
            _own_thread: PhantomData,
        }
    }

    /// The thread's number in its team: 0 is the thread that forked.
    #[inline(always)]
    pub fn thread_num(&self) -> usize {
        self.num
    }

    /// Number of threads in the team.
    #[inline(always)]
    pub fn num_threads(&self) -> usize {
        self.team.size()
    }

    /// Waits until all threads of the team are here (OpenMP 6.0, "barrier Construct").
    ///
    /// What any thread did before is visible to all of them afterwards.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    /// let arrived = AtomicUsize::new(0);
    /// region(Options::new().num_threads(4), (), |cx, ()| {
    ///     arrived.fetch_add(1, Ordering::Relaxed);
    ///     cx.barrier();
    ///     assert_eq!(arrived.load(Ordering::Relaxed), cx.num_threads());
    /// });
    /// ```
    ///
    /// # Panics
    ///
    /// When a thread of the team has panicked, or is in another construct. A thread that unwinds already, and calls
    /// this in a `Drop`, returns at once instead, without having met the others; all constructs that it enters
    /// afterwards refuse.
    #[inline]
    #[track_caller]
    pub fn barrier(&mut self) {
        let at = Location::caller();
        if !self.barrier_again(at) {
            self.barrier_anew(at);
        }
    }

    /// A barrier that the team remembers. Every step counts here: the thread that comes last goes on at once,
    /// and if it is at the next barrier before the line leaves it, one transfer serves two barriers.
    #[inline(never)]
    fn barrier_again(&mut self, at: &'static Location<'static>) -> bool {
        let (position, place) = (&mut self.position, (Kind::Barrier, at));
        if !may_enter_constructs()
            || position.must_meet()
            || !self.ring.enter_again(position, self.num, place, self.team)
        {
            return false;
        }
        match self.wait(self.position.brings()) {
            Ok(true) => {}
            met => self.did_not_meet_at_barrier(met, at),
        }
        self.position.met_in_last();
        true
    }

    #[inline(never)]
    fn barrier_anew(&mut self, at: &'static Location<'static>) {
        let mut barrier = || {
            let entered = self.enter(&self.identity(Kind::Barrier, at), |_, _| ());
            self.close(entered);
        };
        if !panicking() {
            return barrier();
        }
        if let Err(payload) = catch_unwind(AssertUnwindSafe(barrier)) {
            self.team.poison();
            drop_quietly(payload);
        }
    }

    /// Enters the next construct; `prepare` sets its counters up and runs on one thread.
    #[inline(always)]
    pub(crate) fn enter(
        &mut self,
        id: &Identity,
        prepare: impl FnOnce(&Slot, Schedule),
    ) -> Entered<'r> {
        refuse_construct("a construct of a region");
        if self.team.stopped() {
            leave();
        }
        if self.position.must_meet() {
            self.meet((0, u64::MAX), id.place());
            self.position.met_before_next();
        }
        // A thread that is refused here, or unwinds, must not enter the next construct while the others
        // are in this one.
        let (team, guard) = (self.team, GiveUp(self.team));
        let position = &mut self.position;
        // SAFETY: this is that thread.
        let Ok(place) = (unsafe { self.ring.enter(position, self.num, id, team, prepare) }) else {
            leave()
        };
        std::mem::forget(guard);
        Entered {
            team,
            slot: place.slot,
            schedule: place.schedule,
            first: place.first,
            at: id.place(),
            closed: false,
        }
    }

    /// Leaves a construct without waiting.
    #[inline(always)]
    pub(crate) fn close_nowait(&mut self, mut entered: Entered<'_>) {
        if self.team.stopped() {
            leave();
        }
        entered.closed = true;
    }

    /// Waits at the barrier.
    #[inline(always)]
    fn wait(&mut self, brings: (u64, u64)) -> Result<bool, Stopped> {
        let Position { round, .. } = &mut self.position;
        self.team
            .barrier(self.num, brings, round, &mut self.patience)
    }

    /// Meets the others in the middle of a construct.
    #[inline(always)]
    fn meet(&mut self, brings: (u64, u64), at: (&'static Location<'static>, u64)) {
        match self.wait(brings) {
            Ok(true) => {}
            met => self.did_not_meet(met, at),
        }
    }

    /// The team was given up, or is now.
    #[cold]
    #[inline(never)]
    fn did_not_meet(&self, met: Result<bool, Stopped>, at: (&'static Location<'static>, u64)) -> ! {
        match met {
            Err(Stopped) => leave(),
            Ok(_) => {
                self.team.poison();
                self.ring.astray(&self.position, self.num, at)
            }
        }
    }

    /// The same at a barrier, which may be one in a destructor while the thread unwinds: to panic again would
    /// end the process, so it returns from there. The thread enters no other construct.
    #[cold]
    #[inline(never)]
    fn did_not_meet_at_barrier(&self, met: Result<bool, Stopped>, at: &'static Location<'static>) {
        self.team.poison();
        if !panicking() {
            self.did_not_meet(met, (at, Kind::Barrier as u64))
        }
    }

    /// Waits for all others inside a construct, and leaves it. What they left in its slot may be looked at
    /// until the next barrier.
    #[inline(always)]
    pub(crate) fn close(&mut self, mut entered: Entered<'r>) -> &'r Slot {
        self.meet(self.position.brings(), entered.at);
        self.position.met_in_last();
        entered.closed = true;
        entered.slot
    }

    /// Leaves the region. Nobody is waited for, if that can be: the primary joins the team next.
    #[inline(always)]
    fn leave(&mut self, at: &'static Location<'static>) {
        refuse_construct("the end of a region");
        let (position, place) = (&mut self.position, (Kind::Leave, at));
        if position.must_meet() || !self.ring.enter_again(position, self.num, place, self.team) {
            self.leave_anew(at);
            return;
        }
        let brings = self.position.brings();
        let (round, patience) = (&mut self.position.round, &mut self.patience);
        if !self.team.arrive(brings, round, patience) {
            self.team.poison();
            let at = (at, Kind::Leave as u64);
            self.ring.astray(&self.position, self.num, at)
        }
        // SAFETY: this is that thread.
        unsafe { self.ring.end(self.num, &self.position) }
    }

    #[inline(never)]
    fn leave_anew(&mut self, at: &'static Location<'static>) {
        let entered = self.enter(&self.identity(Kind::Leave, at), |_, _| ());
        self.close(entered);
        // SAFETY: this is that thread.
        unsafe { self.ring.end(self.num, &self.position) }
    }

    /// The identity of a construct that this thread is about to enter.
    #[inline(always)]
    pub(crate) fn identity(&self, kind: Kind, at: &'static Location<'static>) -> Identity {
        Identity::new(kind, at, self.team)
    }

    /// What the views of this region come from.
    #[inline(always)]
    pub(crate) fn origin(&self) -> Origin {
        Origin::first(self.team)
    }

    /// Says that a value of this type will be left in a slot.
    pub(crate) fn will_leave<T>(&self) {
        self.ring.will_leave::<T>();
    }

    /// The team.
    #[inline(always)]
    pub(crate) fn team(&self) -> &'r Team {
        self.team
    }
}

impl Drop for Ctx<'_> {
    fn drop(&mut self) {
        let passive = Patience::new(WaitPolicy::passive(), 0);
        let learnt = std::mem::replace(&mut self.patience, passive);
        with_local(|l| l.keep_waiting(learnt));
    }
}

/// Runs `f` once on each thread of a team, as one region.
///
/// # Panics
///
/// With the first payload that a thread panicked with.
#[inline(always)]
pub(crate) fn spmd(
    options: &Options,
    at: &'static Location<'static>,
    f: impl Fn(&mut Ctx<'_>) + Sync,
) {
    let part = move |team: &Team, num| {
        let mut cx = Ctx::new(team, num);
        f(&mut cx);
        cx.leave(at);
    };
    let ended = with_team(options, |fork| {
        fork.run_placed(&part)?;
        // SAFETY: this is the primary, and the team has been joined.
        if !unsafe { fork.team.ring().joined(fork.team) } {
            fork.team.poison();
            panic!(
                "the threads of a team left the region that begins at {at} from different constructs"
            )
        }
        Ok(())
    });
    if let Err(panics) = ended {
        let panics: Box<Panics> = panics;
        panics.resume();
    }
}
