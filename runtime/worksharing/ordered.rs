//! Ordered loops: a part of each iteration runs in the order of the iterations.

use super::annotated::{Generated, LendParts, Writes};
use super::chunks::Thread;
use super::lend::{Lend, TeamSource};
use super::reading::{LendRead, LendWhole, Reads, Wholes};
use super::source::Source;
use crate::schedule::Schedule;
use crate::sync::current::refuse_if_holding;
use crate::sync::park::yield_now;
use crate::team::Team;
use crate::team::identity::{Identity, Kind};
use crate::team::region::{Ctx, leave};
use crate::team::slot::Slot;
use std::any::TypeId;
use std::cell::Cell;
use std::hint::spin_loop;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::atomic::Ordering;

/// An iteration's turn in an ordered loop: see [`Ctx::for_each_ordered`].
pub struct Turn<'t, W> {
    team: &'t Team,
    slot: &'t Slot,
    writes: &'t W,
    position: usize,
    passed: bool,
    /// It stays on its thread: a task that waits for it, run by a thread whose own iteration comes before, would wait
    /// for what is below it on the stack.
    _own_thread: PhantomData<*const ()>,
}

impl<W: Wholes> Turn<'_, W> {
    /// Waits until all earlier iterations have had their turn, and runs `f` with what the loop writes in
    /// order. Once an iteration at most.
    ///
    /// # Panics
    ///
    /// When the iteration has had its turn already; when the thread holds a lock, for which an earlier iteration
    /// may wait.
    #[track_caller]
    pub fn take<R>(&mut self, f: impl for<'i> FnOnce(<W as LendWhole<'i>>::Open) -> R) -> R {
        assert!(
            !self.passed,
            "iteration {} of an ordered loop has had its turn: a second ordered part would run out of order",
            self.position
        );
        self.wait();
        // SAFETY: the threads have agreed on the identity, and one iteration at a time has the turn.
        let value = f(unsafe { self.writes.open() });
        self.pass();
        value
    }

    fn wait(&self) {
        refuse_if_holding("the ordered part of an iteration");
        let mut polls = 0u32;
        // Acquire: pairs with the store in `pass`.
        while self.slot.ordered().load(Ordering::Acquire) != self.position {
            if self.team.stopped() {
                leave();
            }
            polls += 1;
            if polls.is_multiple_of(64) {
                yield_now();
            } else {
                spin_loop();
            }
        }
    }

    fn pass(&mut self) {
        self.passed = true;
        // Release: pairs with the load in `wait` of the iteration that follows.
        self.slot
            .ordered()
            .store(self.position + 1, Ordering::Release);
    }
}

/// The turns of one thread's iterations, for annotated loops.
pub struct Order<'t, W> {
    team: &'t Team,
    slot: &'t Slot,
    writes: &'t W,
    /// An iteration has begun and not ended.
    open: Cell<bool>,
}

impl<'t, W: Wholes> Order<'t, W> {
    /// The turn of the iteration at `position`.
    ///
    /// # Safety
    ///
    /// The loop has handed that position to this thread, and this is called once for it.
    ///
    /// # Panics
    ///
    /// When the thread's last iteration has not come to its end: its turn would never pass.
    pub unsafe fn begin(&self, position: usize) -> Turn<'t, W> {
        assert!(
            !self.open.replace(true),
            "an iteration of an ordered loop was left early, by a `break`, `return` or `continue` inside a macro: \
             the iterations after it would wait for its turn for ever"
        );
        Turn {
            team: self.team,
            slot: self.slot,
            writes: self.writes,
            position,
            passed: false,
            _own_thread: PhantomData,
        }
    }
    /// Ends the iteration; one that has not had its turn is passed over.
    pub fn end(&self, mut turn: Turn<'t, W>) {
        if !turn.passed {
            turn.wait();
            turn.pass();
        }
        self.open.set(false);
    }
}

/// The engine under annotated ordered loops: [`region_loop`](super::annotated::region_loop), whose body also
/// gets the thread's turns at what `order` opens to.
///
/// # Panics
///
/// As [`Ctx::for_each`].
#[track_caller]
#[allow(clippy::too_many_arguments, reason = "called by generated code only")]
pub fn ordered_loop<S, W, V, O, L, R>(
    _: Generated,
    cx: &mut Ctx<'_>,
    schedule: Schedule,
    source: S,
    writes: W,
    reads: V,
    locals: L,
    order: O,
    body: impl for<'i> FnOnce(
        &mut Thread<'_>,
        <S as Lend<'i>>::Source,
        <W as LendParts<'i>>::Open,
        <V as LendRead<'i>>::Open,
        L,
        &Order<'_, O>,
    ) -> R,
    fold: impl Fn(&mut R, R),
) -> R
where
    S: TeamSource,
    W: Writes,
    V: Reads,
    O: Wholes,
    R: Clone + Send + Sync + 'static,
{
    let at = Location::caller();
    let with = (Kind::Ordered, |id: &mut Identity| {
        writes.describe(id);
        order.describe(id);
    });
    let entered = cx.enter_loop::<S, V, R>(with, schedule, &source, &reads, at);
    let turns = Order {
        team: entered.team,
        slot: entered.slot,
        writes: &order,
        open: Cell::new(false),
    };
    let value = cx.with_thread(&entered, &source, |thread| {
        // SAFETY: the threads have agreed on the identity; the loop hands each position out once, and the
        // body takes no other, as the caller of `Generated::new` has promised.
        let (items, parts, readings) = unsafe { (source.open(), writes.open(), reads.open()) };
        body(thread, items, parts, readings, locals, &turns)
    });
    if TypeId::of::<R>() == TypeId::of::<()>() {
        cx.close(entered);
        return value;
    }
    cx.fold(entered, value, fold)
}

impl Ctx<'_> {
    /// As [`for_each`](Self::for_each), with a part of each iteration that runs in the order of the
    /// iterations: `body(item, readings, turn)` calls [`turn.take`](Turn::take) once, which gives it
    /// `writes` (OpenMP 6.0, "ordered Construct"). An iteration that does not is passed over.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut log = Vec::new();
    /// region(Static, shared(&mut log), |cx, mut log| {
    ///     cx.for_each_ordered(Dynamic(1), 0..20, (), log.whole_mut(), |i, (), turn| {
    ///         let square = i * i; // in parallel
    ///         turn.take(|log| log.push(square)); // in order
    ///     });
    /// });
    /// assert_eq!(log[19], 361);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`for_each`](Self::for_each).
    #[track_caller]
    pub fn for_each_ordered<S: TeamSource, V: Reads, W: Wholes>(
        &mut self,
        schedule: Schedule,
        source: S,
        reads: V,
        writes: W,
        mut body: impl for<'i> FnMut(<S as Lend<'i>>::Item, <V as LendRead<'i>>::Open, &mut Turn<'_, W>),
    ) {
        let at = Location::caller();
        let with = (Kind::Ordered, |id: &mut _| writes.describe(id));
        let entered = self.enter_loop::<S, V, ()>(with, schedule, &source, &reads, at);
        let (team, slot) = (entered.team, entered.slot);
        self.share_out(&entered, &source, |items, r| {
            for position in r {
                let mut turn = Turn {
                    team,
                    slot,
                    writes: &writes,
                    position,
                    passed: false,
                    _own_thread: PhantomData,
                };
                // SAFETY: as `share_out` promises; the threads have agreed on what is read.
                body(
                    unsafe { items.get(position) },
                    unsafe { reads.open() },
                    &mut turn,
                );
                if !turn.passed {
                    turn.wait();
                    turn.pass();
                }
            }
        });
        self.close(entered);
    }
}
