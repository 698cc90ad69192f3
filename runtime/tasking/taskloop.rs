//! Task loops: a thread holds a range of a loop's tasks, runs one after the other, and hands half of what is left on
//! when others have nothing. README, "Task loops".

use super::enter::in_crew;
use super::group::Group;
use super::lane::Hand;
use super::task::{Task, with_handle};
use super::taskloop_options::{Plan, TaskLoop};
use crate::reduction::Reduce;
use crate::source::{IntoSource, Source};
use std::mem::forget;
use std::ops::{Deref, Range};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Runs `body(item)` for each item of `source` in tasks; returns when all have ended (OpenMP 6.0, "taskloop Construct").
///
/// Items are borrowed as in [`parallel_for()`](crate::parallel_for()); [`TaskLoop`] says how many of them a task
/// has. A loop in tasks may stand anywhere, in other tasks too, and shares the team with them.
///
/// A task costs no allocation, nor its number any memory: tasks that nobody asks for are a range of numbers.
///
/// ```
/// use phalanx::prelude::*;
/// let x = vec![1.0; 1000];
/// let mut y = vec![2.0; 1000];
/// taskloop(TaskLoop::new().grainsize(100), (&x, &mut y), |(x, y)| *y += 3.0 * x);
/// assert!(y.iter().all(|&y| y == 5.0));
/// ```
///
/// # Panics
///
/// With the first payload of an iteration that panicked; tasks that have not begun are dropped then. Outside of any region: when
/// the thread holds a lock. When the parts of a tuple differ in length.
#[track_caller]
pub fn taskloop<S: IntoSource>(options: TaskLoop, source: S, body: impl Fn(S::Item) + Sync) {
    let source = source.into_source();
    let len = source.len();
    task_ranges(options, len, |_, r| {
        // SAFETY: `task_ranges` hands out each position of the source once, and the source outlives it.
        unsafe { each(&source, r, &body) }
    });
}

/// Reduces over `source` in tasks: each starts a copy of its own at the operator's neutral element, `body(&mut copy, item)` takes
/// its items in, and the copies are combined into `init` (OpenMP 6.0, "taskloop Construct", "reduction Clause").
///
/// Neighbouring tasks are combined in pairs, pairs of them again, and so on, whoever ran them: so the same source under
/// the same [`TaskLoop`] gives the same bits, whatever the team.
///
/// ```
/// use phalanx::prelude::*;
/// let x = vec![0.1f64; 1000];
/// let sum = || taskloop_reduce(TaskLoop::new().grainsize(10), &x, ops::Add, 0.0, |sum, x| *sum += x);
/// assert_eq!(sum().to_bits(), sum().to_bits());
/// ```
///
/// # Panics
///
/// As [`taskloop`].
#[track_caller]
pub fn taskloop_reduce<S: IntoSource, Op, A: Reduce<Op> + Send>(
    options: TaskLoop,
    source: S,
    op: Op,
    init: A,
    body: impl Fn(&mut A, S::Item) + Sync,
) -> A {
    let _ = op;
    let body = |_: &Task<'_>, copy: &mut A, item| body(copy, item);
    in_crew(|hand| reduced::<S, Op, A>(hand, false, options, source, init, body))
}

impl<'s> Task<'s> {
    /// [`taskloop`](crate::taskloop()) inside a task, without looking for the team. The body gets a handle of the loop's group.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut v = vec![0; 1000];
    /// taskgroup(|tg| {
    ///     tg.task(|tg| {
    ///         tg.taskloop(TaskLoop::new(), v.iter_mut(), |tg, x| tg.task(move |_| *x += 1));
    ///     });
    /// });
    /// assert!(v.iter().all(|&x| x == 1));
    /// ```
    ///
    /// # Panics
    ///
    /// With the first payload of an iteration that panicked, or of a task of the group.
    pub fn taskloop<'g, S: IntoSource>(
        &self,
        options: TaskLoop,
        source: S,
        body: impl Fn(&Task<'g>, S::Item) + Sync,
    ) {
        let source = source.into_source();
        let len = source.len();
        grouped_ranges(self.hand(), self.is_last(), options, len, |tg, r| {
            // SAFETY: as in `taskloop`.
            unsafe { each(&source, r, &|item| body(tg, item)) }
        });
    }

    /// [`taskloop_reduce`](crate::taskloop_reduce) inside a task, without looking for the team. What the body submits has ended
    /// before the call returns, not before the copies are combined. If the body cancels the group, the tasks that have not
    /// begun are left out of the result.
    ///
    /// # Panics
    ///
    /// As [`taskloop`](Self::taskloop).
    pub fn taskloop_reduce<S: IntoSource, Op, A: Reduce<Op> + Send>(
        &self,
        options: TaskLoop,
        source: S,
        op: Op,
        init: A,
        body: impl Fn(&Task<'_>, &mut A, S::Item) + Sync,
    ) -> A {
        let _ = op;
        reduced::<S, Op, A>(self.hand(), self.is_last(), options, source, init, body)
    }

    /// A task loop whose tasks belong to the group of this handle, which waits for them; the call does not (OpenMP 6.0,
    /// "nogroup Clause"). So the source and the body are moved into the loop, and what they borrow outlives the group.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let (mut v, mut w) = (vec![0; 1000], vec![0; 1000]);
    /// taskgroup(|tg| {
    ///     tg.taskloop_nogroup(TaskLoop::new(), &mut v, |_, x| *x += 1);
    ///     tg.taskloop_nogroup(TaskLoop::new(), &mut w, |_, x| *x += 2);
    /// });
    /// assert!(v.iter().all(|&x| x == 1) && w.iter().all(|&x| x == 2));
    /// ```
    ///
    /// # Panics
    ///
    /// When the parts of a tuple differ in length. A panic of an iteration is that of a task of the group.
    pub fn taskloop_nogroup<S: IntoSource>(
        &self,
        options: TaskLoop,
        source: S,
        body: impl Fn(&Task<'s>, S::Item) + Send + Sync + 's,
    ) where
        S::Source: Send + 's,
    {
        let source = source.into_source();
        let new = Loop::new(
            options,
            source.len(),
            self.is_last(),
            move |tg: &Task<'s>, r| {
                // SAFETY: as in `taskloop`; the source is the loop's own.
                unsafe { each(&source, r, &|item| body(tg, item)) }
            },
        );
        if new.plan.tasks > 0 {
            let (all, new) = (0..new.plan.tasks, Arc::new(new));
            self.task_with(options.task.final_if(false), move |tg| {
                Loop::run(tg, new, all)
            });
        }
    }
}

/// Calls `body` with the items of one task. By an alias of the source, whose fields nothing else can change.
///
/// # Safety
///
/// `r` lies inside of the source, and none of its positions is handed out anywhere else; the source outlives the call.
#[inline(always)]
unsafe fn each<S: Source>(source: &S, r: Range<usize>, body: &impl Fn(S::Item)) {
    // SAFETY: the caller's promise.
    let source = unsafe { source.alias() };
    for k in r {
        // SAFETY: `k` is in `r`, and comes once.
        body(unsafe { source.get(k) });
    }
}

/// What annotated task loops call: the tasks of a loop over `0..len`, in a group of their own. `body` gets the positions of a task,
/// and each position comes once.
#[track_caller]
pub fn task_ranges<'g>(
    options: TaskLoop,
    len: usize,
    body: impl Fn(&Task<'g>, Range<usize>) + Sync,
) {
    in_crew(|hand| grouped_ranges(hand, false, options, len, body));
}

/// The same for loops whose tasks bring something back; `None`: there was no iteration. `combine` gets the answers of neighbouring
/// ranges, the one before first; what was cancelled is left out.
#[track_caller]
pub fn task_ranges_reduced<R: Send>(
    options: TaskLoop,
    len: usize,
    leaf: impl Fn(&Task<'_>, Range<usize>) -> R + Sync,
    combine: impl Fn(R, R) -> R + Sync,
) -> Option<R> {
    in_crew(|hand| reduced_ranges(hand, false, options, len, leaf, combine))
}

pub(super) fn grouped_ranges<'g>(
    hand: Hand,
    last: bool,
    options: TaskLoop,
    len: usize,
    body: impl Fn(&Task<'g>, Range<usize>) + Sync,
) {
    let new = Loop::new(options, len, last, body);
    with_handle(hand, last, |tg| Loop::run(tg, &new, 0..new.plan.tasks));
}

/// What the tasks of one loop share.
struct Loop<F> {
    plan: Plan,
    /// All run where the loop was met.
    serial: bool,
    /// They are final.
    last: bool,
    body: F,
}

impl<F> Loop<F> {
    fn new<'g>(options: TaskLoop, len: usize, last: bool, body: F) -> Self
    where
        F: Fn(&Task<'g>, Range<usize>) + Sync,
    {
        Loop {
            plan: options.plan(len),
            serial: last || options.task.undeferred,
            last: last || options.task.finish,
            body,
        }
    }

    /// Runs the tasks in `range`, each once: here, or where the half of it goes that others ask for. `this` is there until
    /// the group of `tg` has ended.
    fn run<'g, W>(tg: &Task<'g>, this: W, mut range: Range<usize>)
    where
        W: Deref<Target = Self> + Clone + Send,
        F: Fn(&Task<'g>, Range<usize>) + Sync,
    {
        let (hand, group) = (tg.hand(), tg.open_group());
        // SAFETY: the handle of the same task, on the same thread.
        let inner = unsafe { Task::new(hand, group, this.last) };
        while !range.is_empty() && !group.is_cancelled() {
            if range.len() > 1 && !this.serial && hand.is_asked() {
                let (mid, of) = (range.start + range.len() / 2, this.clone());
                let half = mid..range.end;
                range.end = mid;
                let rest = move |tg: &Task<'g>| Loop::run(tg, of, half);
                // SAFETY: this is a task of the group, or its body, on the hand's thread; `this` is there as long as
                // the group, and what the loop's body borrows too.
                unsafe { group.submit::<false, _>(hand, rest, false) };
                continue;
            }
            (this.body)(&inner, this.plan.of(range.start));
            range.start += 1;
            hand.ran();
        }
    }
}

impl Hand {
    /// Whether others ask for something, and this thread has nothing to give them.
    #[inline(always)]
    fn is_asked(self) -> bool {
        self.lane().wish.is_there() && self.has_nothing()
    }

    #[cold]
    #[inline(never)]
    fn has_nothing(self) -> bool {
        let own = &self.lane().own;
        // One for each thread that has nothing, as in `hand_over`; if tasks are long, one more thread may have nothing before
        // this one looks again. Relaxed: a hint.
        let hungry = self.crew().hungry.0.load(Ordering::Relaxed);
        if own.deque.len() >= hungry.max(usize::from(!own.grain.is_fine())) {
            return false;
        }
        let nothing = own.ring.is_empty();
        if !nothing {
            self.hand_over();
        }
        nothing
    }
}

fn reduced<S: IntoSource, Op, A: Reduce<Op> + Send>(
    hand: Hand,
    last: bool,
    options: TaskLoop,
    source: S,
    mut init: A,
    body: impl Fn(&Task<'_>, &mut A, S::Item) + Sync,
) -> A {
    let (source, shape) = (source.into_source(), init.shape());
    let leaf = |tg: &Task<'_>, r| {
        let mut copy = A::identity(&shape);
        // SAFETY: `Tree::run` hands out each position of the source once, and the source outlives the call.
        let source = unsafe { source.alias() };
        for k in r {
            // SAFETY: as above.
            body(tg, &mut copy, unsafe { source.get(k) });
        }
        copy
    };
    let combine = |mut a: A, b| {
        a.combine(b);
        a
    };
    if let Some(copy) = reduced_ranges(hand, last, options, source.len(), leaf, combine) {
        init.combine(copy);
    }
    init
}

pub(super) fn reduced_ranges<R: Send>(
    hand: Hand,
    last: bool,
    options: TaskLoop,
    len: usize,
    leaf: impl Fn(&Task<'_>, Range<usize>) -> R + Sync,
    combine: impl Fn(R, R) -> R + Sync,
) -> Option<R> {
    let tree = Tree {
        plan: options.plan(len),
        serial: last || options.task.undeferred,
        last: last || options.task.finish,
        leaf,
        combine,
    };
    let all = 0..tree.plan.tasks;
    with_handle(hand, last, |tg| tree.run(tg, all))
}

/// Cancels a group if the thread unwinds: a half of the loop that others have begun ends soon.
struct OrCancel<'g>(&'g Group);
impl Drop for OrCancel<'_> {
    #[cold]
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// A loop whose tasks bring something back.
struct Tree<L, C> {
    plan: Plan,
    serial: bool,
    last: bool,
    leaf: L,
    combine: C,
}

impl<L, C> Tree<L, C> {
    /// Runs the tasks in `range`, each once, unless the group is cancelled, by a panic among others. The tree depends on their
    /// number alone. `None`: nothing was run.
    fn run<R: Send>(&self, tg: &Task<'_>, range: Range<usize>) -> Option<R>
    where
        L: Fn(&Task<'_>, Range<usize>) -> R + Sync,
        C: Fn(R, R) -> R + Sync,
    {
        if range.is_empty() || tg.open_group().is_cancelled() {
            return None;
        }
        let or_cancel = OrCancel(tg.open_group());
        let answer = self.run_some(tg, range);
        forget(or_cancel);
        answer
    }

    #[inline(always)]
    fn run_some<R: Send>(&self, tg: &Task<'_>, range: Range<usize>) -> Option<R>
    where
        L: Fn(&Task<'_>, Range<usize>) -> R + Sync,
        C: Fn(R, R) -> R + Sync,
    {
        if range.len() == 1 {
            // SAFETY: the handle of the same task, on the same thread.
            let inner = unsafe { Task::new(tg.hand(), tg.group_ptr(), self.last) };
            return Some((self.leaf)(&inner, self.plan.of(range.start)));
        }
        let mid = range.start + range.len() / 2;
        let (before, after) = (range.start..mid, mid..range.end);
        let (a, b) = match self.serial {
            true => (self.run(tg, before), self.run(tg, after)),
            false => tg.join(|tg| self.run(tg, before), |tg| self.run(tg, after)),
        };
        match (a, b) {
            (Some(a), Some(b)) => Some((self.combine)(a, b)),
            (a, b) => a.or(b),
        }
    }
}
