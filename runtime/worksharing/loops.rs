//! Combined loops: fork a team, share a source out, combine what the threads bring back.

use super::chunks::{Counter, Loop, Thread};
use super::options::Options;
use super::source::{IntoSource, Source};
use crate::memory::NumaVec;
use crate::reduction::Reduce;
use crate::schedule::Schedule;
use crate::sync::job::Reply;
use crate::team::{self, Team};
use std::cell::UnsafeCell;
use std::mem::MaybeUninit;

/// Runs `body(item)` for each item of `source`, shared among the threads of a team; returns when
/// all are done (OpenMP 6.0, "parallel for" combined construct).
///
/// The first argument is a [`Schedule`] or an [`Options`] value.
///
/// ```
/// use phalanx::prelude::*;
/// let x = vec![1.0; 1000];
/// let mut y = vec![2.0; 1000];
/// parallel_for(Static, (&x, &mut y), |(x, y)| *y += 3.0 * x);
/// assert_eq!(y[999], 5.0);
/// ```
///
/// # Panics
///
/// With the payload of the first iteration that panics; the other threads leave the loop soon,
/// and the team can be used again. With a message when a chunk size is 0, or when the parts of a
/// tuple differ in length.
pub fn parallel_for<S: IntoSource>(
    options: impl Into<Options>,
    source: S,
    body: impl Fn(S::Item) + Sync,
) {
    let source = source.into_source();
    let part = |thread: &mut Thread<'_>| {
        // SAFETY: `team_loop` hands each position to one thread, once, and `source` outlives it.
        let source = unsafe { source.alias() };
        while let Some(r) = thread.next() {
            // SAFETY: as above; `run` takes each position of `r` once.
            unsafe { run(&source, &body, r) }
        }
    };
    team_loop(&options.into(), source.len(), &part, drop);
}

/// One chunk. A function of its own, so that the body is known not to alias anything else.
///
/// # Safety
///
/// `r` lies inside the source and none of its positions is handed out anywhere else.
#[inline(always)]
unsafe fn run<S: Source>(s: &S, body: &impl Fn(S::Item), r: std::ops::Range<usize>) {
    for k in r {
        // SAFETY: `k` is in `r`, and comes once.
        body(unsafe { s.get(k) });
    }
}

/// Reduces over `source`: each thread starts a private copy at the operator's neutral element,
/// `body(&mut copy, item)` takes the items in, and the copies are combined into `init` in order of
/// thread number (OpenMP 6.0, "reduction" clause).
///
/// The same team size under a static schedule gives the same bits on every run. Under `Dynamic`
/// and `Guided` the items of a copy, and so the last bits of a floating-point sum, vary.
///
/// ```
/// use phalanx::prelude::*;
/// let x = vec![0.5f64; 1000];
/// let sum = parallel_reduce(Static, &x, ops::Add, 0.0, |sum, x| *sum += x);
/// assert_eq!(sum, 500.0);
/// let (lo, hi) = parallel_reduce(Static, &x, (ops::Min, ops::Max), (1.0, 0.0), |acc, &x| {
///     acc.0 = x.min(acc.0);
///     acc.1 = x.max(acc.1);
/// });
/// assert_eq!((lo, hi), (0.5, 0.5));
/// ```
///
/// # Panics
///
/// As [`parallel_for()`].
pub fn parallel_reduce<S: IntoSource, Op, A: Reduce<Op> + Send>(
    options: impl Into<Options>,
    source: S,
    op: Op,
    init: A,
    body: impl Fn(&mut A, S::Item) + Sync,
) -> A {
    let _ = op;
    let source = source.into_source();
    let shape = init.shape();
    let part = |thread: &mut Thread<'_>| {
        // SAFETY: as in `parallel_for`.
        let source = unsafe { source.alias() };
        let mut copy = A::identity(&shape);
        while let Some(r) = thread.next() {
            for k in r {
                // SAFETY: as in `parallel_for`.
                body(&mut copy, unsafe { source.get(k) });
            }
        }
        copy
    };
    let mut total = init;
    team_loop(&options.into(), source.len(), &part, |copy| {
        total.combine(copy)
    });
    total
}

/// Runs `f(item)` for each item and collects the answers, in order, into a new array whose pages
/// are first touched by the threads that computed them.
///
/// ```
/// use phalanx::prelude::*;
/// let squares = parallel_map(Static, 0..10u64, |i| i * i);
/// assert_eq!(squares[9], 81);
/// ```
///
/// # Panics
///
/// As [`parallel_for()`]; the answers computed so far are dropped.
pub fn parallel_map<S: IntoSource, T: Send>(
    options: impl Into<Options>,
    source: S,
    f: impl Fn(S::Item) -> T + Sync,
) -> NumaVec<T> {
    NumaVec::from_source(options.into(), source.into_source(), f)
}

/// The engine under all combined loops: forks a team, calls `part` once on each thread, and gives
/// what the threads return to `take`, in order of thread number, on the calling thread.
///
/// `part` gets the blocks of `0..len` that its thread runs. Each position goes to exactly one
/// thread, once, unless the loop stops early because a thread panicked.
pub fn team_loop<R: Send>(
    options: &Options,
    len: usize,
    part: &(impl Fn(&mut Thread<'_>) -> R + Sync),
    mut take: impl FnMut(R),
) {
    let schedule = resolve(options.schedule);
    if len == 0 {
        return;
    }
    let ended = team::with_team(options, |team| {
        let (next, slots) = (Counter::default(), Slots::new(team));
        let shared = Loop::new(team, len, schedule, &next);
        let work = LoopPart {
            shared,
            part,
            slots: &slots,
        };
        let ended = team.run(&work);
        let mut answers = Answers {
            slots: &slots,
            next: 0,
            panics: ended.as_ref().err(),
        };
        if ended.is_ok() {
            answers.by_ref().for_each(&mut take);
        }
        drop(answers);
        ended
    });
    if let Err(panics) = ended {
        panics.resume();
    }
}

/// The answers of a team that has been joined, in order of thread number. What is not taken, because the
/// loop failed or because combining panicked, is dropped.
struct Answers<'s, R> {
    slots: &'s Slots<'s, R>,
    next: usize,
    panics: Option<&'s team::Panics>,
}

impl<R> Iterator for Answers<'_, R> {
    type Item = R;
    fn next(&mut self) -> Option<R> {
        while self.next < self.slots.team.size() {
            let num = self.next;
            self.next += 1;
            if self.panics.is_none_or(|p| p.finished(num)) {
                // SAFETY: the team has been joined, and thread `num` came to its end, so it has set
                // its answer; `next` only grows, so each is taken once.
                return Some(unsafe { self.slots.take(num) });
            }
        }
        None
    }
}

impl<R> Drop for Answers<'_, R> {
    fn drop(&mut self) {
        self.for_each(drop);
    }
}

/// What the workers of a loop are pointed at: one line, beside that of the team.
#[repr(C, align(64))]
struct LoopPart<'l, P, R> {
    shared: Loop<'l>,
    part: &'l P,
    slots: &'l Slots<'l, R>,
}

impl<R: Send, P: Fn(&mut Thread<'_>) -> R + Sync> team::Part for LoopPart<'_, P, R> {
    #[inline(always)]
    fn run(&self, num: usize) {
        let answer = one_thread(self.part, &self.shared, num);
        // SAFETY: the team runs this once on each thread, with that thread's number.
        unsafe { self.slots.set(num, answer) }
    }
}

/// What one thread does, compiled once for primary and workers.
#[inline(never)]
fn one_thread<R>(part: &impl Fn(&mut Thread<'_>) -> R, shared: &Loop<'_>, num: usize) -> R {
    part(&mut shared.thread(num))
}

/// `runtime` and `auto` become a schedule; a chunk of 0 is refused.
#[track_caller]
fn resolve(schedule: Schedule) -> Schedule {
    let s = match schedule {
        Schedule::Runtime => crate::icv::run_schedule(),
        s => s,
    };
    assert!(
        s.chunk() != Some(0),
        "schedule({s}): a chunk holds at least one iteration"
    );
    if s == Schedule::Auto {
        Schedule::Static
    } else {
        s
    }
}

/// What each thread brings back. A small answer travels in the worker's job line, which changes hands
/// anyway; larger ones have lines of their own, on the primary's stack for small teams.
struct Slots<'t, R> {
    team: &'t Team<'t>,
    near: [Block; NEAR],
    far: Vec<Slot<R>>,
}

/// Threads whose answers lie on the stack, if they are not large.
const NEAR: usize = 8;

/// Room for one answer that is not large, on lines of its own.
#[repr(align(128))]
struct Block(UnsafeCell<MaybeUninit<[u8; 128]>>);

/// One large answer, or that of a thread of a large team.
#[repr(align(128))]
struct Slot<R>(UnsafeCell<MaybeUninit<R>>);

// SAFETY: a slot is written by one thread while the team runs and read by the primary after the
// join, which orders the two; `R: Send` lets the value change threads.
unsafe impl<R: Send> Sync for Slots<'_, R> {}

impl<'t, R> Slots<'t, R> {
    /// Whether an answer fits a job line.
    const SMALL: bool =
        size_of::<R>() <= size_of::<Reply>() && align_of::<R>() <= align_of::<Reply>();

    /// Whether an answer fits a block on the stack.
    const MEDIUM: bool = size_of::<R>() <= 128 && align_of::<R>() <= 128;

    #[inline(always)]
    fn new(team: &'t Team<'t>) -> Self {
        let far = match (Self::SMALL, Self::MEDIUM) {
            // Beside the workers' lines only the primary needs a place.
            (true, _) => 0,
            (false, true) => team.size().saturating_sub(NEAR),
            (false, false) => team.size(),
        };
        let slot = || Slot(UnsafeCell::new(MaybeUninit::uninit()));
        Slots {
            team,
            near: [const { Block(UnsafeCell::new(MaybeUninit::uninit())) }; NEAR],
            far: (0..far).map(|_| slot()).collect(),
        }
    }

    /// Where thread `num`'s answer goes: memory for one `R`, nobody else's, until `take`.
    #[inline(always)]
    fn place(&self, num: usize) -> *mut R {
        match self.team.reply(num) {
            Some(reply) if Self::SMALL => reply.cast(),
            _ if Self::MEDIUM && num < NEAR => self.near[num].0.get().cast(),
            _ if Self::MEDIUM => self.far[num - NEAR].0.get().cast(),
            _ => self.far[num].0.get().cast(),
        }
    }

    /// # Safety
    ///
    /// The caller is thread `num` of the team, in its region, and calls this once.
    #[inline(always)]
    unsafe fn set(&self, num: usize, answer: R) {
        // SAFETY: `place` is room for an `R` that only this thread uses until the join: a slot, or
        // its own job line's reply, which the worker may write while the line is posted.
        unsafe { self.place(num).write(answer) }
    }

    /// # Safety
    ///
    /// The caller is the primary, after the join; thread `num` has set its answer, and it is taken
    /// once.
    #[inline(always)]
    unsafe fn take(&self, num: usize) -> R {
        // SAFETY: the answer was written before the join, and is read once.
        unsafe { self.place(num).read() }
    }
}
