//! Worksharing loops inside a region, with and without a reduction.

use super::chunks::{Claims, Loop, Thread};
use super::lend::{Lend, TeamSource};
use super::loops::resolve;
use super::reading::{LendRead, Reads};
use super::source::Source;
use crate::reduction::Reduce;
use crate::schedule::Schedule;
use crate::team::identity::{Identity, Kind};
use crate::team::region::{Ctx, Entered};
use std::ops::Range;
use std::panic::Location;
use std::sync::atomic::Ordering;

/// A loop that uses nothing but its source and readings.
pub(super) const PLAIN: (Kind, fn(&mut Identity)) = (Kind::For, |_| ());

impl<'r> Ctx<'r> {
    /// Shares `source` out among the threads of the team and calls `body(item, readings)` for each item;
    /// returns when all threads are done (OpenMP 6.0, "for Construct").
    ///
    /// `reads` are views that every iteration may read: `a.reading()`, `()` or a tuple. The body is the
    /// thread's own: it may change the thread's local variables.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let x = vec![1.0; 100];
    /// let mut y = vec![2.0; 100];
    /// region(Static, &mut y, |cx, mut y| {
    ///     cx.for_each(Dynamic(8), (0..100, y.items_mut()), (), |(i, y), ()| *y += 3.0 * x[i]);
    ///     let mut mine = 0;
    ///     cx.for_each(Static, 0..100, y.reading(), |i, y| if y[i] == 5.0 { mine += 1 });
    /// });
    /// assert_eq!(y[99], 5.0);
    /// ```
    ///
    /// # Panics
    ///
    /// With a message that names both places, on every thread, when a thread of the team is in another
    /// construct or gives this one another schedule, length or array. When a view is of another region. When
    /// the parts of a tuple differ in length, and when a chunk size is 0.
    #[inline]
    #[track_caller]
    pub fn for_each<S: TeamSource, V: Reads>(
        &mut self,
        schedule: Schedule,
        source: S,
        reads: V,
        body: impl for<'i> FnMut(<S as Lend<'i>>::Item, <V as LendRead<'i>>::Open),
    ) {
        let at = Location::caller();
        let entered = self.run_loop(PLAIN, schedule, &source, &reads, body, at);
        self.close(entered);
    }

    /// As [`for_each`](Self::for_each), and reduces: each thread starts a private copy at the operator's
    /// neutral element, `body(&mut copy, item, readings)` takes the items in, and every thread returns
    /// `init` combined with the copies in order of thread number.
    ///
    /// `init` is thread 0's; the others' only give the shape. The same team size under a static schedule
    /// gives the same bits on every run.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let x = vec![0.5; 100];
    /// region(Static, (), |cx, ()| {
    ///     let sum = cx.reduce(Static, 0..100, (), ops::Add, 0.0, |sum, i, ()| *sum += x[i]);
    ///     assert_eq!(sum, 50.0, "on every thread");
    /// });
    /// ```
    ///
    /// # Panics
    ///
    /// As [`for_each`](Self::for_each).
    #[inline]
    #[track_caller]
    pub fn reduce<S, V, Op, A>(
        &mut self,
        schedule: Schedule,
        source: S,
        reads: V,
        op: Op,
        init: A,
        mut body: impl for<'i> FnMut(&mut A, <S as Lend<'i>>::Item, <V as LendRead<'i>>::Open),
    ) -> A
    where
        S: TeamSource,
        V: Reads,
        Op: 'static,
        A: Reduce<Op> + Clone + Send + Sync + 'static,
    {
        let _ = op;
        let at = Location::caller();
        let entered = self.enter_loop::<S, V, fn(Op) -> A>(PLAIN, schedule, &source, &reads, at);
        let mut copy = A::identity(&init.shape());
        self.share_out(&entered, &source, |items, r| {
            for k in r {
                // SAFETY: as `share_out` promises; the threads have agreed on what is read.
                body(&mut copy, unsafe { items.get(k) }, unsafe { reads.open() });
            }
        });
        self.combine(entered, init, copy)
    }

    /// Every thread brings a value, and returns all of them combined in order of thread number (OpenMP 6.0,
    /// "scope Construct", with "reduction Clause").
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// region(Options::new().num_threads(3), (), |cx, ()| {
    ///     let mine = 10 + cx.thread_num();
    ///     let all = cx.reduce_each(ops::Add, mine);
    ///     assert_eq!(all, 10 + 11 + 12, "on every thread");
    /// });
    /// ```
    ///
    /// # Panics
    ///
    /// As [`for_each`](Self::for_each).
    #[track_caller]
    pub fn reduce_each<Op, A>(&mut self, op: Op, mine: A) -> A
    where
        Op: 'static,
        A: Reduce<Op> + Clone + Send + Sync + 'static,
    {
        let _ = op;
        self.gather(mine, |total: &mut A, more| total.combine(more))
    }

    /// The same with any fold.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    pub fn gather<R: Clone + Send + Sync + 'static>(
        &mut self,
        mine: R,
        fold: impl Fn(&mut R, R),
    ) -> R {
        let mut id = self.identity(Kind::Combine, Location::caller());
        id.of::<R>();
        let entered = self.enter(&id, |_, _| ());
        self.fold(entered, mine, fold)
    }

    /// Leaves a copy for the others, meets them, and combines all of them.
    #[inline(always)]
    fn combine<Op, A>(&mut self, entered: Entered<'r>, mut init: A, copy: A) -> A
    where
        A: Reduce<Op> + Clone + Send + Sync + 'static,
    {
        let copy = match self.thread_num() {
            0 => {
                init.combine(copy);
                init
            }
            _ => copy,
        };
        self.fold(entered, copy, |total, copy| total.combine(copy))
    }

    /// Leaves a value for the others, meets them, and folds all values in order of thread number.
    #[inline(always)]
    pub(super) fn fold<R: Clone + Send + Sync + 'static>(
        &mut self,
        entered: Entered<'r>,
        value: R,
        fold: impl Fn(&mut R, R),
    ) -> R {
        self.will_leave::<R>();
        // SAFETY: once a thread and construct.
        unsafe { entered.slot.leave(self.thread_num(), value) };
        let slot = self.close(entered);
        // SAFETY: every thread has left its value, and the barrier of `close` lies between.
        let left = |num| unsafe { slot.left::<R>(num) };
        let mut total = left(0).clone();
        (1..self.num_threads()).for_each(|num| fold(&mut total, left(num).clone()));
        total
    }

    /// Runs a loop and stays in its construct.
    #[inline(always)]
    pub(super) fn run_loop<S: TeamSource, V: Reads>(
        &mut self,
        kind: (Kind, fn(&mut Identity)),
        schedule: Schedule,
        source: &S,
        reads: &V,
        mut body: impl for<'i> FnMut(<S as Lend<'i>>::Item, <V as LendRead<'i>>::Open),
        at: &'static Location<'static>,
    ) -> Entered<'r> {
        let entered = self.enter_loop::<S, V, ()>(kind, schedule, source, reads, at);
        self.share_out(&entered, source, |items, r| {
            for k in r {
                // SAFETY: as `share_out` promises; the threads have agreed on what is read.
                body(unsafe { items.get(k) }, unsafe { reads.open() });
            }
        });
        entered
    }

    /// Enters the construct of a loop of that kind; the function adds what else it uses to the identity.
    #[inline(always)]
    pub(super) fn enter_loop<S: TeamSource, V: Reads, X: 'static>(
        &mut self,
        (kind, more): (Kind, impl FnOnce(&mut Identity)),
        schedule: Schedule,
        source: &S,
        reads: &V,
        at: &'static Location<'static>,
    ) -> Entered<'r> {
        let mut id = self.identity(kind, at);
        id.schedule(schedule);
        source.describe(&mut id);
        reads.describe(&mut id);
        more(&mut id);
        id.of::<X>();
        let threads = self.num_threads();
        // What is wrong with the loop itself is said before it is entered.
        resolve(schedule);
        let len = source.length();
        self.enter(&id, |slot, schedule| {
            if kind == Kind::Ordered {
                // Relaxed: published by the slot's turn.
                slot.ordered().store(0, Ordering::Relaxed);
            }
            Loop::new(len, resolve(schedule)).prepare(threads, Claims::Slot(slot));
        })
    }

    /// Calls `block` with the source and each block of positions that this thread runs: inside the source,
    /// and handed out to nobody else.
    #[inline(always)]
    pub(super) fn share_out<'s, S: TeamSource>(
        &self,
        entered: &Entered<'r>,
        source: &'s S,
        mut block: impl FnMut(&<S as Lend<'s>>::Source, Range<usize>),
    ) {
        let Entered {
            team,
            slot,
            schedule,
            ..
        } = *entered;
        // SAFETY: the threads have agreed on the identity, and the loop hands each position out once.
        let items = unsafe { source.open() };
        let shared = Loop::new(items.len(), resolve(schedule));
        let mut thread = shared.thread(team, Claims::Slot(slot), self.thread_num());
        if let Some(r) = thread.only_block() {
            return block(&items, r);
        }
        while let Some(r) = thread.next_short() {
            block(&items, r);
        }
    }

    /// This thread's part of a loop, for a body that walks the blocks itself.
    #[inline(always)]
    pub(super) fn with_thread<S: TeamSource, R>(
        &self,
        entered: &Entered<'r>,
        source: &S,
        body: impl FnOnce(&mut Thread<'_>) -> R,
    ) -> R {
        let len = source.length();
        let shared = Loop::new(len, resolve(entered.schedule));
        let claims = Claims::Slot(entered.slot);
        let mut thread = shared.thread(entered.team, claims, self.thread_num());
        let value = body(&mut thread);
        thread.check_end();
        value
    }
}
