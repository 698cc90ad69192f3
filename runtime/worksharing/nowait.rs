//! `nowait`: constructs that do not wait for each other, until the end of their scope.

use super::lend::{Lend, Numbers, TeamSource};
use super::reading::{LendRead, LendWhole, Reads, Wholes};
use super::source::Source;
use crate::schedule::Schedule;
use crate::team::Team;
use crate::team::identity::{Identity, Kind};
use crate::team::region::Ctx;
use std::cell::Cell;
use std::marker::PhantomData;
use std::panic::Location;

/// Inside [`Ctx::nowait`].
pub struct Nowait<'n, 'env: 'n> {
    /// Borrowed exclusively for as long as this lives. (With its own lifetime, the compiler would ask that
    /// what is lent in here outlive the region.)
    cx: *mut Ctx<'static>,
    /// Invariant: what is lent in here is lent until the scope's barrier.
    _scope: PhantomData<(Cell<&'n ()>, Cell<&'env ()>)>,
}

/// A scope that a thread unwinds out of: others may still use what it lent.
struct Scope<'r> {
    team: &'r Team,
    closed: bool,
}
impl Drop for Scope<'_> {
    fn drop(&mut self) {
        if !self.closed {
            self.team.poison();
        }
    }
}

impl<'r> Ctx<'r> {
    /// Runs constructs without the barriers at their ends; one barrier comes at the end of the scope
    /// (OpenMP 6.0, "nowait Clause").
    ///
    /// What a construct in here uses stays borrowed until then: two of them may read the same array, and no
    /// other may use one that is written.
    ///
    /// After seven constructs without a barrier all threads wait for each other before the next one: so a thread
    /// that waits in one construct (for an [`Event`](crate::Event), say) must not wait for what another thread
    /// does more than six constructs later.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let (mut a, mut b) = (vec![0; 100], vec![0; 100]);
    /// region(Static, (&mut a, &mut b), |cx, (mut a, mut b)| {
    ///     cx.nowait(|scope| {
    ///         scope.for_each(Dynamic(4), a.items_mut(), (), |x, ()| *x = 1);
    ///         scope.for_each(Static, b.items_mut(), (), |x, ()| *x = 2);
    ///     });
    ///     cx.for_each(Static, (0..100, a.items_mut()), b.reading(), |(i, a), b| *a += b[i]);
    /// });
    /// assert_eq!(a[7], 3);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`for_each`](Self::for_each).
    #[track_caller]
    pub fn nowait<'env, T>(&mut self, f: impl for<'n> FnOnce(&mut Nowait<'n, 'env>) -> T) -> T {
        let id = self.identity(Kind::NowaitEnd, Location::caller());
        self.scope(f, |cx, value| {
            let entered = cx.enter(&id, |_, _| ());
            cx.close(entered);
            value
        })
    }

    /// The same, and folds what the threads return, in order of thread number, at the barrier of the scope.
    #[doc(hidden)]
    #[track_caller]
    pub fn nowait_gather<'env, R: Clone + Send + Sync + 'static>(
        &mut self,
        f: impl for<'n> FnOnce(&mut Nowait<'n, 'env>) -> R,
        fold: impl Fn(&mut R, R),
    ) -> R {
        let mut id = self.identity(Kind::NowaitEnd, Location::caller());
        id.of::<R>();
        self.scope(f, |cx, value| {
            let entered = cx.enter(&id, |_, _| ());
            cx.fold(entered, value, fold)
        })
    }

    /// A scope, and its end, which meets the others.
    fn scope<'env, T>(
        &mut self,
        f: impl for<'n> FnOnce(&mut Nowait<'n, 'env>) -> T,
        end: impl FnOnce(&mut Self, T) -> T,
    ) -> T {
        let mut scope = Scope {
            team: self.team(),
            closed: false,
        };
        let value = f(&mut Nowait {
            cx: std::ptr::from_mut(self).cast(),
            _scope: PhantomData,
        });
        let value = end(self, value);
        scope.closed = true;
        value
    }
}

/// Constructs that use no shared memory, and so need no scope: there is nothing to stay borrowed.
impl Ctx<'_> {
    /// [`for_each`](Self::for_each) over numbers, without the barrier at its end (OpenMP 6.0, "nowait Clause").
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let count = Atomic::new(0);
    /// region(Static, (), |cx, ()| {
    ///     cx.for_each_nowait(Dynamic(1), 0..10, |_| count.add(1));
    ///     cx.for_each_nowait(Dynamic(1), 0..10, |_| count.add(1));
    /// });
    /// assert_eq!(count.into_inner(), 20);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`for_each`](Self::for_each).
    #[inline]
    #[track_caller]
    pub fn for_each_nowait<S: Numbers>(
        &mut self,
        schedule: Schedule,
        source: S,
        mut body: impl for<'i> FnMut(<S as Lend<'i>>::Item),
    ) {
        let at = Location::caller();
        let entered = self.enter_loop::<S, (), ()>(NOWAIT, schedule, &source, &(), at);
        self.share_out(&entered, &source, |items, r| {
            for k in r {
                // SAFETY: as `share_out` promises.
                body(unsafe { items.get(k) });
            }
        });
        self.close_nowait(entered);
    }

    /// [`single`](Self::single) without shared data, a value or a barrier: the others go on meanwhile.
    ///
    /// # Panics
    ///
    /// As [`for_each`](Self::for_each).
    #[inline]
    #[track_caller]
    pub fn single_nowait(&mut self, f: impl FnOnce()) {
        let mut id = self.identity(Kind::Single, Location::caller());
        id.nowait();
        let entered = self.enter(&id, |_, _| ());
        if entered.first {
            f();
        }
        self.close_nowait(entered);
    }
}

/// A loop that does not wait.
const NOWAIT: (Kind, fn(&mut Identity)) = (Kind::For, Identity::nowait);

impl<'n> Nowait<'n, '_> {
    #[inline(always)]
    fn cx(&self) -> &Ctx<'static> {
        // SAFETY: `Ctx::nowait` lends its context to this value, which nobody can take out of the closure;
        // what the shortened lifetime could be used for, the team, is alive as long.
        unsafe { &*self.cx }
    }
    #[inline(always)]
    pub(super) fn cx_mut(&mut self) -> &mut Ctx<'static> {
        // SAFETY: as in `cx`; this value is borrowed exclusively, and is the only one on that context.
        unsafe { &mut *self.cx }
    }

    /// The thread's number in its team.
    pub fn thread_num(&self) -> usize {
        self.cx().thread_num()
    }
    /// Number of threads in the team.
    pub fn num_threads(&self) -> usize {
        self.cx().num_threads()
    }

    /// [`Ctx::for_each`], without waiting.
    #[inline]
    #[track_caller]
    pub fn for_each<S: TeamSource + 'n, V: Reads + 'n>(
        &mut self,
        schedule: Schedule,
        source: S,
        reads: V,
        body: impl for<'i> FnMut(<S as Lend<'i>>::Item, <V as LendRead<'i>>::Open),
    ) {
        let at = Location::caller();
        let entered = self
            .cx_mut()
            .run_loop(NOWAIT, schedule, &source, &reads, body, at);
        self.cx_mut().close_nowait(entered);
    }

    /// [`Ctx::single`], without waiting: only the thread that runs it has anything of it.
    #[inline]
    #[track_caller]
    pub fn single<W: Wholes + 'n, V: Reads + 'n>(
        &mut self,
        writes: W,
        reads: V,
        f: impl for<'i> FnOnce(<W as LendWhole<'i>>::Open, <V as LendRead<'i>>::Open),
    ) {
        let mut id = self.cx().identity(Kind::Single, Location::caller());
        writes.describe(&mut id);
        reads.describe(&mut id);
        id.nowait();
        let entered = self.cx_mut().enter(&id, |_, _| ());
        if entered.first {
            // SAFETY: the threads have agreed on the identity, and only this one opens it.
            f(unsafe { writes.open() }, unsafe { reads.open() });
        }
        self.cx_mut().close_nowait(entered);
    }

    /// [`Ctx::each`], without waiting.
    #[inline]
    #[track_caller]
    pub fn each<V: Reads + 'n, T>(
        &mut self,
        reads: V,
        f: impl for<'i> FnOnce(<V as LendRead<'i>>::Open) -> T,
    ) -> T {
        let mut id = self.cx().identity(Kind::Each, Location::caller());
        reads.describe(&mut id);
        id.nowait();
        let entered = self.cx_mut().enter(&id, |_, _| ());
        // SAFETY: the threads have agreed on the identity.
        let value = f(unsafe { reads.open() });
        self.cx_mut().close_nowait(entered);
        value
    }
}
