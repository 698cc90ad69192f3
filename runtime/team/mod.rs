//! The team: what the threads of one region share, and how they post, join and meet. See README.md beside
//! this.

pub(crate) mod environment;
mod fork;
pub(crate) mod fork_guard;
pub(crate) mod hot;
pub(crate) use fork::{Fork, with_team};
pub(crate) use hot::copy_changed;
pub(crate) mod identity;
pub(crate) mod nesting;
pub(crate) mod options;
pub(crate) mod origin;
pub mod pool;
mod position;
pub mod query;
pub mod region;
mod ring;
pub(crate) mod slot;
mod tree;
mod wanted;
mod worker;

use crate::sync::barrier::{Barrier, MOST_LIGHT, Round, Stop, Stopped};
use crate::sync::current::{Holdings, Mates, Outer, TeamStopped, Work, WorkingFor, has_stopped};
use crate::sync::job::{Job, JobLine, Reply};
use crate::sync::meet::{Meet, meet};
use crate::sync::patience::Patience;
use crate::sync::turn::Turn;
use nesting::{Frame, InRegion, with_local};
use parking_lot::Mutex;
use ring::Ring;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use tree::{Children, Tree};
use worker::Worker;

type Payload = Box<dyn Any + Send>;

/// The threads of one region, and all that they share. A hot team keeps it from one region to the
/// next, and its first line is rewritten only if something in it changes: so the workers of a hot loop
/// find it in their caches.
#[repr(C, align(128))]
pub struct Team {
    frame: Frame,
    /// Thread `k + 1` is at `k`. There may be more than the team has now.
    workers: Vec<Worker>,
    /// Who posts to whom; `None`: the primary to all.
    tree: Option<Box<Tree>>,
    stop: Stop,
    /// What the primary does for the team that it belongs to itself.
    outer: Outer,
    /// The primary's part of a dynamic loop; the workers' are in their job lines.
    word: Line<AtomicU64>,
    /// The first iteration that nobody has, of a loop whose threads claim from one counter.
    next: Line<AtomicUsize>,
    /// Where the threads meet, if they are few.
    barrier: Barrier,
    /// Where each thread meets its parent, if they are many; see `HotTeam::grow`.
    meets: Vec<Meet>,
    /// Where the threads agree on the constructs of a region; made by the first region.
    ring: OnceLock<Ring>,
    /// What became of the threads that panicked.
    panics: Mutex<Panics>,
}

/// Threads of a region that panicked.
#[derive(Default)]
pub(crate) struct Panics {
    /// What the first one panicked with.
    first: Option<Payload>,
    /// Their numbers.
    threads: Vec<usize>,
}

impl Panics {
    /// Whether thread `num` came to its end.
    pub(crate) fn finished(&self, num: usize) -> bool {
        !self.threads.contains(&num)
    }
    /// Goes on with the first panic, after the region.
    pub(crate) fn resume(self) -> ! {
        resume_unwind(self.first.unwrap_or_else(|| match has_stopped() {
            // Its threads left because of a team outside of this one.
            true => Box::new(TeamStopped),
            false => Box::new("a panic inside a construct of this region was caught by its body"),
        }))
    }
}

#[repr(align(128))]
struct Line<T>(T);

/// What the threads of a team do in one region: `run(team, num)` on each of them.
pub(crate) trait Part: Sync {
    fn run(&self, team: &Team, num: usize);
}

impl<F: Fn(&Team, usize) + Sync> Part for F {
    #[inline(always)]
    fn run(&self, team: &Team, num: usize) {
        self(team, num);
    }
}

impl Team {
    /// A team without workers yet.
    fn new(frame: Frame) -> Self {
        Team {
            frame,
            workers: Vec::new(),
            tree: None,
            stop: Stop::new(),
            outer: Outer::NONE,
            word: Line(AtomicU64::new(0)),
            next: Line(AtomicUsize::new(0)),
            barrier: Barrier::new(frame.size as usize),
            meets: Vec::new(),
            ring: OnceLock::new(),
            panics: Mutex::default(),
        }
    }

    /// Makes the team ready for a region. Writes only what is not so already.
    #[inline(always)]
    fn enter(&mut self, frame: Frame) {
        if self.frame != frame {
            self.frame = frame;
        }
        let outer = Outer::here();
        if self.outer != outer {
            self.outer = outer;
        }
        let size = frame.size as usize;
        if self.stop.is_set() || self.barrier.threads() != size {
            self.renew(size);
        }
    }

    /// Makes all new that the threads of a region meet at: what they agreed on counts rounds and turns of
    /// one barrier.
    fn renew(&mut self, size: usize) {
        self.stop = Stop::new();
        self.barrier = Barrier::new(size);
        self.meets.iter_mut().for_each(|m| *m = Meet::new());
        self.ring = OnceLock::new();
    }

    /// Number of threads.
    #[inline(always)]
    pub fn size(&self) -> usize {
        self.frame.size as usize
    }

    /// The job line of thread `num`, which is not the primary.
    #[inline(always)]
    fn line(&self, num: usize) -> &JobLine {
        &self.workers[num - 1].line
    }

    /// Thread `num`'s part of a dynamic loop.
    #[inline(always)]
    pub(crate) fn word(&self, num: usize) -> &AtomicU64 {
        match num {
            0 => &self.word.0,
            _ => self.line(num).word(),
        }
    }

    /// The counter that all threads claim from.
    #[inline(always)]
    pub(crate) fn next(&self) -> &AtomicUsize {
        &self.next.0
    }

    /// Where thread `num`'s answer goes if it is small; `None` for the primary, which needs no line.
    #[inline(always)]
    pub(crate) fn reply(&self, num: usize) -> Option<*mut Reply> {
        (num > 0).then(|| self.line(num).reply())
    }

    /// Whether a thread of the team panicked, so that the others should leave.
    #[inline(always)]
    pub fn stopped(&self) -> bool {
        self.stop.is_set()
    }

    /// Waits for the other threads of the team. Returns whether all have brought the same number; if not, at
    /// least one of them sees it.
    #[inline(always)]
    pub(crate) fn barrier(
        &self,
        num: usize,
        (brings, watch): (u64, u64),
        round: &mut Round,
        patience: &mut Patience,
    ) -> Result<bool, Stopped> {
        if self.meets.is_empty() {
            self.barrier
                .wait(brings, watch, &self.stop, round, patience)
        } else {
            self.meet_in_tree(num, brings, patience)
        }
    }

    /// Arrives at the barrier of a team that [`has_light`](Self::has_light) and does not wait, for the team is
    /// joined next. Returns whether all is well as far as one can see by then.
    #[inline(always)]
    pub(crate) fn arrive(
        &self,
        (brings, watch): (u64, u64),
        round: &mut Round,
        patience: &mut Patience,
    ) -> bool {
        self.barrier
            .arrive(brings, watch, &self.stop, round, patience)
    }

    /// Whether all threads have brought the same number to the last barrier of a region; for a team that has
    /// been joined.
    #[inline(always)]
    pub(crate) fn agreed(&self, round: &Round) -> bool {
        !self.has_light() || self.barrier.agreed(round)
    }

    #[inline(never)]
    fn meet_in_tree(
        &self,
        num: usize,
        brings: u64,
        patience: &mut Patience,
    ) -> Result<bool, Stopped> {
        let children = self.children(num);
        meet(&self.meets, num, brings, children, &self.stop, patience)
    }

    /// The threads that thread `num` posts to.
    #[inline(always)]
    fn children(&self, num: usize) -> Children<'_> {
        match &self.tree {
            None if num == 0 => Children::All(1..self.size()),
            None => Children::All(0..0),
            Some(tree) => Children::Some(tree.children(num).iter()),
        }
    }

    /// Posts the job to the children of thread `num`; returns whether one of them had to be woken.
    ///
    /// # Safety
    ///
    /// The caller is thread `num`, and the team's region has just begun, so those lines are idle and
    /// nobody else posts to them; the job's pointers stay valid until [`join`](Self::join) has
    /// returned on the same thread.
    #[inline(always)]
    unsafe fn post(&self, num: usize, job: &Job) -> bool {
        let mut woken = false;
        for child in self.children(num) {
            let job = Job {
                num: child as u32,
                ..*job
            };
            // SAFETY: the caller's promise.
            woken |= unsafe { self.line(child).post(job) };
        }
        woken
    }

    /// Waits until the children of thread `num` have answered, each for itself and its own.
    #[inline(always)]
    fn join(&self, num: usize, woken: bool, patience: &mut Patience) {
        // One look at every line first, without a branch a line, so that their transfers overlap.
        let answered = |all, child| all & self.line(child).answered();
        if !self.children(num).fold(true, answered) {
            self.children(num)
                .for_each(|child| self.line(child).join(woken, patience));
        }
    }

    /// One thread's part: never unwinds.
    #[inline(always)]
    fn part<P: Part>(&self, num: u32, part: &P) {
        let run = || {
            let work = Work {
                team: self,
                num: num as usize,
            };
            // SAFETY: `work` was declared before; the primary, whose work is the team's `outer`, leaves its own
            // only after it has joined this one.
            let _working = unsafe { WorkingFor::new(&work) };
            let holdings = Holdings::new();
            with_local(|local| {
                let _frame = InRegion::enter(local, Frame { num, ..self.frame }, self);
                part.run(self, num as usize);
                // Others of a loop may have opened something.
                if self.stop.idle().is_open() {
                    self.stop.idle().help();
                }
            })
            // The thread is being torn down (a fork in a destructor of a thread-local): it has no
            // frame, and works all the same.
            .unwrap_or_else(|| part.run(self, num as usize));
            holdings.end();
        };
        if let Err(payload) = catch_unwind(AssertUnwindSafe(run)) {
            self.fail(num as usize, payload);
        }
    }

    /// Where the threads agree on the constructs of a region.
    #[inline(always)]
    pub(crate) fn ring(&self) -> &Ring {
        self.ring.get_or_init(|| Ring::new(self.size()))
    }

    /// Makes everyone leave: whoever waits, and whoever looks.
    #[cold]
    pub(crate) fn poison(&self) {
        self.stop.set();
        self.barrier.stop();
        self.meets.iter().for_each(Meet::stop);
    }

    /// After something was opened: has those who sleep at a barrier look at it.
    pub(crate) fn call(&self) {
        self.barrier.call();
        self.meets.iter().for_each(Meet::call);
    }

    /// Whether threads of a light construct need not look at the turn: those that meet at one counter, and are
    /// not too many for what they bring.
    #[inline(always)]
    pub(crate) fn has_light(&self) -> bool {
        self.meets.is_empty() && self.size() <= MOST_LIGHT
    }

    /// Whether a thread has arrived at that counter in the round that comes next.
    #[inline(always)]
    pub(crate) fn is_begun(&self, round: &Round) -> bool {
        self.has_light() && self.barrier.is_begun(round)
    }

    /// Who comes first at the constructs of a region.
    #[inline(always)]
    pub(crate) fn turn(&self) -> &Turn {
        self.barrier.turn()
    }

    /// The flag that says so.
    #[inline(always)]
    pub(crate) fn stop(&self) -> &Stop {
        &self.stop
    }

    /// Keeps the first payload and makes everyone leave.
    #[cold]
    fn fail(&self, num: usize, payload: Payload) {
        let mut panics = self.panics.lock();
        panics.threads.push(num);
        let later = match panics.first {
            // It only left because another one did.
            _ if payload.is::<TeamStopped>() => None,
            None => {
                panics.first = Some(payload);
                None
            }
            Some(_) => Some(payload),
        };
        drop(panics);
        self.poison();
        if let Some(payload) = later {
            drop_quietly(payload);
        }
    }
}

impl Mates for Team {
    fn has_stopped(&self) -> bool {
        self.stopped()
    }
    unsafe fn look_for_strays(&self, num: usize) {
        if let Some(ring) = self.ring.get() {
            // SAFETY: the caller's promise.
            unsafe { ring.look_for_strays(num, self) }
        }
    }
    fn outer(&self) -> Outer {
        self.outer
    }
}

/// Drops a payload whose destructor may panic in turn.
pub(crate) fn drop_quietly(payload: Payload) {
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(again);
    }
}
