//! `sections`: blocks that are run once each, by whichever thread comes first.

use super::nowait::Nowait;
use super::reading::{LendRead, LendWhole, Reads, Wholes};
use crate::team::identity::{Identity, Kind, Tag};
use crate::team::region::{Ctx, Entered};
use std::cell::Cell;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::atomic::Ordering;

/// Sections that are being gathered: see [`Ctx::sections`].
#[must_use = "sections run when `run()` is called"]
pub struct Sections<'c, 'r, L> {
    cx: &'c mut Ctx<'r>,
    list: L,
    at: &'static Location<'static>,
}

/// No section yet.
pub struct NoSection;

/// A section behind others.
pub struct And<L, W, V, F> {
    before: L,
    writes: W,
    reads: V,
    /// Until it is run.
    run: Option<F>,
}

impl<'r> Ctx<'r> {
    /// Blocks of code that are shared out among the threads, each run once (OpenMP 6.0, "sections
    /// Construct"): add them by [`section`](Sections::section), then [`run`](Sections::run).
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let (mut a, mut b) = (vec![3, 1, 2], vec![9, 8, 7]);
    /// region(Static, (&mut a, &mut b), |cx, (mut a, mut b)| {
    ///     cx.sections()
    ///         .section(a.whole_mut(), (), |a, ()| a.sort())
    ///         .section(b.whole_mut(), (), |b, ()| b.sort())
    ///         .run();
    /// });
    /// assert_eq!((a, b), (vec![1, 2, 3], vec![7, 8, 9]));
    /// ```
    #[track_caller]
    pub fn sections(&mut self) -> Sections<'_, 'r, NoSection> {
        Sections {
            cx: self,
            list: NoSection,
            at: Location::caller(),
        }
    }
}

impl<'c, 'r, L: List> Sections<'c, 'r, L> {
    /// Adds a section, with the views that it has as a whole and those that it reads.
    pub fn section<W: Wholes, V: Reads, F>(
        self,
        writes: W,
        reads: V,
        run: F,
    ) -> Sections<'c, 'r, And<L, W, V, F>>
    where
        F: for<'i> FnOnce(<W as LendWhole<'i>>::Open, <V as LendRead<'i>>::Open),
    {
        Sections {
            cx: self.cx,
            list: And {
                before: self.list,
                writes,
                reads,
                run: Some(run),
            },
            at: self.at,
        }
    }

    /// Runs them; returns when all are done.
    ///
    /// # Panics
    ///
    /// As [`for_each`](Ctx::for_each).
    pub fn run(self) {
        let id = self.cx.identity(Kind::Sections, self.at);
        let entered = share_out(self.cx, id, self.list);
        self.cx.close(entered);
    }
}

/// Runs the sections that this thread comes to first, and stays in the construct.
fn share_out<'r, L: List>(cx: &mut Ctx<'r>, mut id: Identity, mut list: L) -> Entered<'r> {
    list.describe(&mut id);
    // Relaxed: published by the slot's turn.
    let entered = cx.enter(&id, |slot, _| slot.counter().store(0, Ordering::Relaxed));
    loop {
        // Relaxed: each number is handed out once, and carries no data.
        let k = entered.slot.counter().fetch_add(1, Ordering::Relaxed);
        if k >= L::COUNT || entered.team.stopped() {
            break;
        }
        // SAFETY: the threads have agreed on the identity, and number `k` is this thread's.
        unsafe { list.run(k) }
    }
    entered
}

/// Sections of a `nowait` scope that are being gathered: see [`Nowait::sections`].
#[must_use = "sections run when `run()` is called"]
pub struct NowaitSections<'c, 'n, L> {
    cx: &'c mut Ctx<'static>,
    list: L,
    at: &'static Location<'static>,
    /// Invariant, as in [`Nowait`]: what the sections use is lent until the scope's barrier.
    _scope: PhantomData<Cell<&'n ()>>,
}

impl<'n> Nowait<'n, '_> {
    /// [`Ctx::sections`], without waiting.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let (mut a, mut b) = (vec![3, 1, 2], vec![0; 9]);
    /// region(Static, (&mut a, &mut b), |cx, (mut a, mut b)| {
    ///     cx.nowait(|scope| {
    ///         scope.sections().section(a.whole_mut(), (), |a, ()| a.sort()).run();
    ///         scope.for_each(Static, b.items_mut(), (), |b, ()| *b = 1);
    ///     });
    /// });
    /// assert_eq!((a[0], b[8]), (1, 1));
    /// ```
    #[track_caller]
    pub fn sections(&mut self) -> NowaitSections<'_, 'n, NoSection> {
        NowaitSections {
            cx: self.cx_mut(),
            list: NoSection,
            at: Location::caller(),
            _scope: PhantomData,
        }
    }
}

impl<'c, 'n, L: List> NowaitSections<'c, 'n, L> {
    /// Adds a section, with the views that it has as a whole and those that it reads.
    pub fn section<W: Wholes + 'n, V: Reads + 'n, F>(
        self,
        writes: W,
        reads: V,
        run: F,
    ) -> NowaitSections<'c, 'n, And<L, W, V, F>>
    where
        F: for<'i> FnOnce(<W as LendWhole<'i>>::Open, <V as LendRead<'i>>::Open),
    {
        NowaitSections {
            cx: self.cx,
            list: And {
                before: self.list,
                writes,
                reads,
                run: Some(run),
            },
            at: self.at,
            _scope: PhantomData,
        }
    }

    /// Runs those that this thread comes to first.
    ///
    /// # Panics
    ///
    /// As [`for_each`](Ctx::for_each).
    pub fn run(self) {
        let mut id = self.cx.identity(Kind::Sections, self.at);
        id.nowait();
        let entered = share_out(self.cx, id, self.list);
        self.cx.close_nowait(entered);
    }
}

/// A list of sections.
///
/// # Safety
///
/// `describe` names all that the sections write and read, in order.
pub unsafe trait List {
    /// How many there are.
    const COUNT: usize;
    /// Adds what they use to the identity.
    fn describe(&self, id: &mut Identity);
    /// Runs section `k`.
    ///
    /// # Safety
    ///
    /// The threads have agreed on the identity, and section `k` is run once.
    unsafe fn run(&mut self, k: usize);
}

// SAFETY: there is nothing.
unsafe impl List for NoSection {
    const COUNT: usize = 0;
    fn describe(&self, _: &mut Identity) {}
    unsafe fn run(&mut self, _: usize) {}
}

// SAFETY: those before, then this one.
unsafe impl<L: List, W: Wholes, V: Reads, F> List for And<L, W, V, F>
where
    F: for<'i> FnOnce(<W as LendWhole<'i>>::Open, <V as LendRead<'i>>::Open),
{
    const COUNT: usize = L::COUNT + 1;
    fn describe(&self, id: &mut Identity) {
        self.before.describe(id);
        id.parts(Tag::Section, 1);
        self.writes.describe(id);
        self.reads.describe(id);
    }
    unsafe fn run(&mut self, k: usize) {
        if k + 1 < Self::COUNT {
            // SAFETY: the caller's promise.
            return unsafe { self.before.run(k) };
        }
        if let Some(run) = self.run.take() {
            // SAFETY: only this thread runs the section, and all sections are borrowed side by side.
            run(unsafe { self.writes.open() }, unsafe { self.reads.open() });
        }
    }
}
