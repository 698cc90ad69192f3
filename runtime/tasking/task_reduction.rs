//! Reductions whose participants are tasks: an accumulator belongs to a task while it uses it, not to its thread.

use super::crew::Line;
use crate::reduction::Reduce;
use crate::team::query::{max_threads, num_threads, thread_num};
use parking_lot::Mutex;
use std::fmt;
use std::marker::PhantomData;

/// A value to which any number of tasks contribute (OpenMP 6.0, "task_reduction Clause" and "in_reduction Clause").
///
/// A task that contributes calls [`with`](Self::with), and has an accumulator for itself as long as that call lasts, even if it
/// waits inside and its thread runs other tasks of the reduction meanwhile: they get others. The borrow of the value
/// by the tasks ends with their group; then [`into_inner`](Self::into_inner) combines all accumulators.
///
/// Which tasks share an accumulator depends on who ran them, so the last bits of a floating-point sum vary. A loop that
/// wants the same bits is a [`taskloop_reduce`](crate::taskloop_reduce()).
///
/// ```
/// use phalanx::prelude::*;
/// fn leaves<'s>(tg: &Task<'s>, depth: u32, count: &'s TaskReduction<ops::Add, u64>) {
///     if depth == 0 {
///         count.with(|n| *n += 1);
///         return;
///     }
///     for _ in 0..3 {
///         tg.task(move |tg| leaves(tg, depth - 1, count));
///     }
/// }
/// let count = TaskReduction::new(ops::Add, 0);
/// taskgroup(|tg| leaves(tg, 5, &count));
/// assert_eq!(count.into_inner(), 243);
/// ```
pub struct TaskReduction<Op, A: Reduce<Op>> {
    shape: A::Shape,
    init: Mutex<A>,
    /// Accumulators that no task has, by the number of the thread that used them last: so threads seldom meet at a
    /// lock, and soundness does not rest on numbers.
    free: Box<[Line<Mutex<Vec<A>>>]>,
    _op: PhantomData<fn(Op)>,
}

impl<Op, A: Reduce<Op>> TaskReduction<Op, A> {
    /// A reduction that begins with `init`.
    pub fn new(op: Op, init: A) -> Self {
        let _ = op;
        TaskReduction::of(init)
    }

    /// [`new`](Self::new), for annotated groups, which know the operator by its type alone.
    #[doc(hidden)]
    pub fn of(init: A) -> Self {
        let threads = num_threads().max(max_threads());
        TaskReduction {
            shape: init.shape(),
            init: Mutex::new(init),
            free: (0..threads).map(|_| Line(Mutex::default())).collect(),
            _op: PhantomData,
        }
    }

    /// Calls `f` with an accumulator: one that was used before, or a new one at the operator's neutral element. A call inside
    /// of another gets another one.
    ///
    /// # Panics
    ///
    /// As `f` does; what it has added until then stays.
    #[inline]
    pub fn with<R>(&self, f: impl FnOnce(&mut A) -> R) -> R {
        struct Back<'r, A>(Option<A>, &'r Mutex<Vec<A>>);
        impl<A> Drop for Back<'_, A> {
            #[inline]
            fn drop(&mut self) {
                self.1.lock().extend(self.0.take());
            }
        }
        let free = &self.free[thread_num() % self.free.len()].0;
        let found = free.lock().pop();
        let mut mine = Back(found, free);
        f(mine.0.get_or_insert_with(|| A::identity(&self.shape)))
    }

    /// The value at the beginning, and what was added to it.
    pub fn into_inner(self) -> A {
        let mut total = self.init.into_inner();
        for line in self.free {
            for copy in line.0.into_inner() {
                total.combine(copy);
            }
        }
        total
    }
}

impl<Op, A: Reduce<Op>> fmt::Debug for TaskReduction<Op, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskReduction").finish_non_exhaustive()
    }
}
