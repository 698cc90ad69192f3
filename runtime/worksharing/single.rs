//! What one thread does for the team, `single` and `masked`, and what each thread reads for itself.

use super::reading::{LendRead, LendWhole, Reads, Wholes};
use crate::team::identity::{Kind, Tag};
use crate::team::region::Ctx;
use crate::team::slot::Slot;
use std::any::TypeId;
use std::panic::Location;

impl Ctx<'_> {
    /// One thread, the first to arrive, runs `f`; the others wait, and every thread returns its value
    /// (OpenMP 6.0, "single Construct", with "copyprivate Clause").
    ///
    /// `writes` are views that the thread has as a whole meanwhile (`a.whole_mut()`, `()` or a tuple),
    /// `reads` are views that it may read.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut a = vec![1, 2, 3];
    /// region(Static, &mut a, |cx, mut a| {
    ///     let sum: i32 = cx.single(a.whole_mut(), (), |a, ()| {
    ///         a[0] = 10;
    ///         a.iter().sum()
    ///     });
    ///     assert_eq!(sum, 15, "on every thread");
    /// });
    /// ```
    ///
    /// # Panics
    ///
    /// As [`for_each`](Self::for_each).
    #[inline]
    #[track_caller]
    pub fn single<W: Wholes, V: Reads, R: Clone + Send + Sync + 'static>(
        &mut self,
        writes: W,
        reads: V,
        f: impl for<'i> FnOnce(<W as LendWhole<'i>>::Open, <V as LendRead<'i>>::Open) -> R,
    ) -> R {
        self.one(None, Location::caller(), (&writes, &reads), f)
    }

    /// As [`single`](Self::single), by thread 0 (OpenMP 6.0, "masked Construct"; unlike it, with a barrier at
    /// its end, so that the others may use what it wrote).
    ///
    /// What needs no shared data and no barrier is an `if cx.thread_num() == 0`.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// region(Static, (), |cx, ()| {
    ///     let who = cx.masked((), (), |(), ()| thread_num());
    ///     assert_eq!(who, 0);
    /// });
    /// # use phalanx::thread_num;
    /// ```
    ///
    /// # Panics
    ///
    /// As [`for_each`](Self::for_each).
    #[inline]
    #[track_caller]
    pub fn masked<W: Wholes, V: Reads, R: Clone + Send + Sync + 'static>(
        &mut self,
        writes: W,
        reads: V,
        f: impl for<'i> FnOnce(<W as LendWhole<'i>>::Open, <V as LendRead<'i>>::Open) -> R,
    ) -> R {
        self.one(Some(0), Location::caller(), (&writes, &reads), f)
    }

    /// As [`masked`](Self::masked), by thread `filter`, the same number on all threads (OpenMP 6.0, "filter
    /// Clause"). In a team that has no such thread nobody runs `f`.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// region(Options::new().num_threads(3), (), |cx, ()| {
    ///     let who = cx.masked_by(2, (), (), |(), ()| thread_num());
    ///     assert_eq!(who, 2, "on every thread");
    ///     cx.masked_by(5, (), (), |(), ()| println!("nobody is number five"));
    /// });
    /// ```
    ///
    /// # Panics
    ///
    /// As [`for_each`](Self::for_each). When the team has no such thread and `f` has a value other than `()`.
    #[inline]
    #[track_caller]
    pub fn masked_by<W: Wholes, V: Reads, R: Clone + Send + Sync + 'static>(
        &mut self,
        filter: usize,
        writes: W,
        reads: V,
        f: impl for<'i> FnOnce(<W as LendWhole<'i>>::Open, <V as LendRead<'i>>::Open) -> R,
    ) -> R {
        let threads = self.num_threads();
        assert!(
            filter < threads || TypeId::of::<R>() == TypeId::of::<()>(),
            "masked by thread {filter} of a team of {threads}: no thread runs the block, so there is no value"
        );
        self.one(Some(filter), Location::caller(), (&writes, &reads), f)
    }

    /// `by`: the thread that runs `f`, which has the value `()` if there is none; else the first to arrive.
    #[inline(always)]
    fn one<W: Wholes, V: Reads, R: Clone + Send + Sync + 'static>(
        &mut self,
        by: Option<usize>,
        at: &'static Location<'static>,
        (writes, reads): (&W, &V),
        f: impl for<'i> FnOnce(<W as LendWhole<'i>>::Open, <V as LendRead<'i>>::Open) -> R,
    ) -> R {
        let kind = if by.is_some() {
            Kind::Masked
        } else {
            Kind::Single
        };
        let mut id = self.identity(kind, at);
        if let Some(by) = by.filter(|&by| by > 0) {
            // With a tag of its own, so that no number is like the beginning of what follows.
            id.parts(Tag::By, 1);
            id.word(by as u64);
        }
        writes.describe(&mut id);
        reads.describe(&mut id);
        id.of::<R>();
        let entered = self.enter(&id, |_, _| ());
        // Values that are nothing in memory lie anywhere, unless they lie in a box.
        let says_who = size_of::<R>() > 0 || Slot::keeps::<R>();
        let mine = by.map_or(entered.first, |by| self.thread_num() == by);
        if mine {
            self.will_leave::<R>();
            // SAFETY: the threads have agreed on the identity, and only this one opens it.
            let value = f(unsafe { writes.open() }, unsafe { reads.open() });
            if says_who {
                entered.slot.set_author(self.thread_num());
            }
            // SAFETY: once in this construct.
            unsafe { entered.slot.leave(self.thread_num(), value) };
        }
        let slot = self.close(entered);
        let who = if says_who { slot.author() } else { 0 };
        // SAFETY: that thread has left its value, of the type in the identity, before the barrier; if there
        // is no such thread, it is `()`, which is nothing in memory.
        unsafe { slot.left::<R>(who) }.clone()
    }

    /// Every thread calls `f` with the views that it may read, and returns its own value; no thread goes on
    /// before all have read.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut a = vec![1, 2, 3];
    /// region(Static, &mut a, |cx, mut a| {
    ///     let last = cx.each(a.reading(), |a| a[2]);
    ///     cx.for_each(Static, a.items_mut(), (), |x, ()| *x += last);
    /// });
    /// assert_eq!(a, [4, 5, 6]);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`for_each`](Self::for_each).
    #[inline]
    #[track_caller]
    pub fn each<V: Reads, R>(
        &mut self,
        reads: V,
        f: impl for<'i> FnOnce(<V as LendRead<'i>>::Open) -> R,
    ) -> R {
        let mut id = self.identity(Kind::Each, Location::caller());
        reads.describe(&mut id);
        let entered = self.enter(&id, |_, _| ());
        // SAFETY: the threads have agreed on the identity.
        let value = f(unsafe { reads.open() });
        self.close(entered);
        value
    }
}
