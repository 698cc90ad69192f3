//! Combined loops: fork a team, share a source out, combine what the threads bring back.

use super::chunks::{Claims, Loop, Thread};
use super::source::{IntoSource, Source};
use crate::memory::NumaVec;
use crate::reduction::Reduce;
use crate::schedule::Schedule;
use crate::sync::job::Reply;
use crate::team::options::Options;
use crate::team::{self, Fork, Team, copy_changed};
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
#[track_caller]
pub fn parallel_for<S: IntoSource>(
    options: impl Into<Options>,
    source: S,
    body: impl Fn(S::Item) + Sync,
) {
    let source = source.into_source();
    let len = source.len();
    let part = move |thread: &mut Thread<'_>| {
        // SAFETY: `team_loop` hands each position to one thread, once, and `source` outlives it.
        let source = unsafe { source.alias() };
        while let Some(r) = thread.next_short() {
            // SAFETY: as above; `run` takes each position of `r` once.
            unsafe { run(&source, &body, r) }
        }
    };
    team_loop(&options.into(), len, part, drop);
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
#[track_caller]
pub fn parallel_reduce<S: IntoSource, Op, A: Reduce<Op> + Send>(
    options: impl Into<Options>,
    source: S,
    op: Op,
    init: A,
    body: impl Fn(&mut A, S::Item) + Sync,
) -> A {
    let _ = op;
    let source = source.into_source();
    let (len, shape) = (source.len(), init.shape());
    let part = move |thread: &mut Thread<'_>| {
        // SAFETY: as in `parallel_for`.
        let source = unsafe { source.alias() };
        let mut copy = A::identity(&shape);
        while let Some(r) = thread.next_short() {
            for k in r {
                // SAFETY: as in `parallel_for`.
                body(&mut copy, unsafe { source.get(k) });
            }
        }
        copy
    };
    let mut total = init;
    team_loop(&options.into(), len, part, |copy| total.combine(copy));
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
///
/// `part` comes by value, so that all it needs lies in one block, which the workers fetch at once: what
/// it only pointed to would be one more line to wait for, if the caller has just written it.
#[track_caller]
pub fn team_loop<R: Send>(
    options: &Options,
    len: usize,
    part: impl Fn(&mut Thread<'_>) -> R + Sync,
    mut take: impl FnMut(R),
) {
    let schedule = resolve(options.schedule);
    if len == 0 {
        return;
    }
    let ended = team::with_team(options, |fork| {
        let (team, slots) = (fork.team, Slots::new(fork.team));
        let shared = Loop::new(len, schedule);
        shared.prepare(team.size(), Claims::Team(team));
        let ended = run_part(fork, shared, &slots, &part);
        let mut answers = Answers {
            team,
            slots: &slots,
            next: 0,
            panics: ended.as_ref().err().map(|p| &**p),
        };
        if ended.is_ok() {
            answers.by_ref().for_each(&mut take);
        }
        drop(answers);
        ended
    });
    // What the body owns is dropped out here, for it may fork.
    drop(part);
    if let Err(panics) = ended {
        panics.resume();
    }
}

/// A part of a loop with what it needs to know, as one value.
pub fn carry<S: Sync, R>(
    state: S,
    part: impl Fn(&mut Thread<'_>, &S) -> R + Sync,
) -> impl Fn(&mut Thread<'_>) -> R + Sync {
    move |thread| part(thread, &state)
}

/// The answers of a team that has been joined, in order of thread number. What is not taken, because the
/// loop failed or because combining panicked, is dropped.
struct Answers<'s, R> {
    team: &'s Team,
    slots: &'s Slots<R>,
    next: usize,
    panics: Option<&'s team::Panics>,
}

impl<R> Iterator for Answers<'_, R> {
    type Item = R;
    fn next(&mut self) -> Option<R> {
        while self.next < self.team.size() {
            let num = self.next;
            self.next += 1;
            if self.panics.is_none_or(|p| p.finished(num)) {
                // SAFETY: the team has been joined, and thread `num` came to its end, so it has set
                // its answer; `next` only grows, so each is taken once.
                return Some(unsafe { self.slots.take(self.team, num) });
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

/// What the workers of a loop are pointed at.
struct LoopPart<'l, P, R> {
    shared: Loop,
    part: &'l P,
    slots: &'l Slots<R>,
}

/// The same with the part beside it, where a hot team keeps it.
#[repr(C, align(64))]
struct Placed<'l, P, R> {
    head: LoopPart<'l, P, R>,
    part: MaybeUninit<P>,
}

/// Runs the loop. Parts that own nothing are moved to where the workers found the last one: a loop that
/// comes again with the same captures finds them unchanged, and no line of them has to travel.
#[inline(always)]
fn run_part<R: Send, P: Fn(&mut Thread<'_>) -> R + Sync>(
    fork: &Fork<'_>,
    shared: Loop,
    slots: &Slots<R>,
    part: &P,
) -> Result<(), Box<team::Panics>> {
    let mut head = LoopPart {
        shared,
        slots,
        part,
    };
    let room = match std::mem::needs_drop::<P>() {
        true => None,
        false => fork.room::<Placed<'_, P, R>>(),
    };
    let Some(room) = room else {
        return fork.run(&head);
    };
    // SAFETY: the room is large enough and this thread's alone until the region begins; nobody writes
    // it before the region is over. The copy of the part is the one that is used from now on; neither
    // it nor the original is dropped, for `P` needs none.
    unsafe {
        copy_changed(part, (&raw mut (*room).part).cast());
        head.part = &*(&raw const (*room).part).cast();
        copy_changed(&raw const head, &raw mut (*room).head);
        fork.run(&(*room).head)
    }
}

impl<R: Send, P: Fn(&mut Thread<'_>) -> R + Sync> team::Part for LoopPart<'_, P, R> {
    #[inline(always)]
    fn run(&self, team: &Team, num: usize) {
        let answer = one_thread(
            self.part,
            &mut self.shared.thread(team, Claims::Team(team), num),
        );
        // SAFETY: the team runs this once on each thread, with that thread's number.
        unsafe { self.slots.set(team, num, answer) }
    }
}

/// What one thread does, compiled once for primary and workers.
#[inline(never)]
fn one_thread<R>(part: &impl Fn(&mut Thread<'_>) -> R, thread: &mut Thread<'_>) -> R {
    let answer = part(thread);
    thread.check_end();
    answer
}

/// `runtime` and `auto` become a schedule; a chunk of 0 is refused.
#[inline(always)]
#[track_caller]
pub(super) fn resolve(schedule: Schedule) -> Schedule {
    if schedule == Schedule::Static {
        return schedule;
    }
    resolve_other(schedule)
}

#[inline(never)]
#[track_caller]
fn resolve_other(schedule: Schedule) -> Schedule {
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
struct Slots<R> {
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
unsafe impl<R: Send> Sync for Slots<R> {}

impl<R> Slots<R> {
    /// Whether an answer fits a job line.
    const SMALL: bool =
        size_of::<R>() <= size_of::<Reply>() && align_of::<R>() <= align_of::<Reply>();

    /// Whether an answer fits a block on the stack.
    const MEDIUM: bool = size_of::<R>() <= 128 && align_of::<R>() <= 128;

    #[inline(always)]
    fn new(team: &Team) -> Self {
        let far = match (Self::SMALL, Self::MEDIUM) {
            // Beside the workers' lines only the primary needs a place.
            (true, _) => 0,
            (false, true) => team.size().saturating_sub(NEAR),
            (false, false) => team.size(),
        };
        let slot = || Slot(UnsafeCell::new(MaybeUninit::uninit()));
        Slots {
            near: [const { Block(UnsafeCell::new(MaybeUninit::uninit())) }; NEAR],
            far: (0..far).map(|_| slot()).collect(),
        }
    }

    /// Where thread `num`'s answer goes: memory for one `R`, nobody else's, until `take`.
    #[inline(always)]
    fn place(&self, team: &Team, num: usize) -> *mut R {
        if size_of::<R>() == 0 {
            // An answer that takes no room lies anywhere.
            return std::ptr::dangling_mut();
        }
        let small = if Self::SMALL { team.reply(num) } else { None };
        match small {
            Some(reply) => reply.cast(),
            _ if Self::MEDIUM && num < NEAR => self.near[num].0.get().cast(),
            _ if Self::MEDIUM => self.far[num - NEAR].0.get().cast(),
            _ => self.far[num].0.get().cast(),
        }
    }

    /// # Safety
    ///
    /// The caller is thread `num` of the team, in its region, and calls this once.
    #[inline(always)]
    unsafe fn set(&self, team: &Team, num: usize, answer: R) {
        // SAFETY: `place` is room for an `R` that only this thread uses until the join: a slot, or
        // its own job line's reply, which the worker may write while the line is posted.
        unsafe { self.place(team, num).write(answer) }
    }

    /// # Safety
    ///
    /// The caller is the primary, after the join; thread `num` has set its answer, and it is taken
    /// once.
    #[inline(always)]
    unsafe fn take(&self, team: &Team, num: usize) -> R {
        // SAFETY: the answer was written before the join, and is read once.
        unsafe { self.place(team, num).read() }
    }
}
