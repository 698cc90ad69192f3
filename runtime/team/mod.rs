//! The team: fork, join, and what the threads of one region share. See README.md beside this.

pub(crate) mod environment;
pub(crate) mod fork_guard;
pub(crate) mod hot;
pub(crate) use hot::copy_changed;
pub(crate) mod nesting;
pub mod pool;
pub mod query;
pub mod region;
mod tree;
mod worker;

use crate::sync::barrier::{Barrier, Round, Stop, Stopped};
use crate::sync::job::{Job, JobLine, Reply};
use crate::sync::meet::{Meet, meet};
use crate::sync::patience::Patience;
use crate::worksharing::options::Options;
use hot::{HotTeam, Wanted};
use nesting::{Frame, InRegion, Local, OUTSIDE, with_local};
use parking_lot::Mutex;
use std::any::Any;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
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
    /// The primary's part of a dynamic loop; the workers' are in their job lines.
    word: Line<AtomicU64>,
    /// The first iteration that nobody has, of a loop whose threads claim from one counter.
    next: Line<AtomicUsize>,
    /// Where the threads meet, if they are few.
    barrier: Barrier,
    /// Where each thread meets its parent, if they are many; see [`HotTeam`]'s `arrange`.
    meets: Vec<Meet>,
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
    /// Goes on with the first panic.
    pub(crate) fn resume(self) -> ! {
        resume_unwind(
            self.first
                .unwrap_or_else(|| Box::new("a thread of the team panicked")),
        )
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
            word: Line(AtomicU64::new(0)),
            next: Line(AtomicUsize::new(0)),
            barrier: Barrier::new(frame.size as usize),
            meets: Vec::new(),
            panics: Mutex::default(),
        }
    }

    /// Makes the team ready for a region. Writes only what is not so already.
    #[inline(always)]
    fn enter(&mut self, frame: Frame) {
        if self.frame != frame {
            self.frame = frame;
        }
        if self.stop.is_set() {
            self.stop = Stop::new();
            self.meets.iter_mut().for_each(|m| *m = Meet::new());
        }
        self.barrier.reset(frame.size as usize);
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

    /// Waits for the other threads of the team.
    pub(crate) fn barrier(
        &self,
        num: usize,
        round: &mut Round,
        patience: &mut Patience,
    ) -> Result<(), Stopped> {
        if self.meets.is_empty() {
            self.barrier.wait(&self.stop, round, patience)
        } else {
            meet(&self.meets, num, self.children(num), &self.stop, patience)
        }
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
            with_local(|local| {
                let _frame = InRegion::enter(local, Frame { num, ..self.frame });
                part.run(self, num as usize);
            })
            // The thread is being torn down (a fork in a destructor of a thread-local): it has no
            // frame, and works all the same.
            .unwrap_or_else(|| part.run(self, num as usize))
        };
        if let Err(payload) = catch_unwind(AssertUnwindSafe(run)) {
            self.fail(num as usize, payload);
        }
    }

    /// Keeps the first payload and makes everyone leave.
    #[cold]
    fn fail(&self, num: usize, payload: Payload) {
        let mut panics = self.panics.lock();
        panics.threads.push(num);
        let later = match panics.first {
            None => {
                panics.first = Some(payload);
                None
            }
            Some(_) => Some(payload),
        };
        drop(panics);
        self.stop.set();
        self.barrier.stop();
        self.meets.iter().for_each(Meet::stop);
        if let Some(payload) = later {
            drop_quietly(payload);
        }
    }
}

/// Drops a payload whose destructor may panic in turn.
pub(crate) fn drop_quietly(payload: Payload) {
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(again);
    }
}

/// A worker's part in a region: passes the job on, does its own, collects the answers.
///
/// # Safety
///
/// The job's `data` points to a `P` and its `team` to a `Team`; both outlive the job, which is one of a
/// region of that team.
unsafe fn region_job<P: Part>(job: &Job, patience: &mut Patience) {
    // SAFETY: as the caller promises; both types are `Sync`, so sharing them is sound.
    let (team, part) = unsafe { (&*job.team.cast::<Team>(), &*job.data.cast::<P>()) };
    let num = job.num as usize;
    if team.tree.is_none() {
        // A worker of a flat team has nobody to post to.
        return team.part(job.num, part);
    }
    // SAFETY: this thread has just been posted the job, so the lines of its subtree are idle: they
    // were joined before its own answer in the last region. It joins them below.
    let woken = unsafe { team.post(num, job) };
    team.part(job.num, part);
    team.join(num, woken, patience);
}

/// The forking thread's side of one region.
pub(crate) struct Fork<'t> {
    /// What all threads share.
    pub(crate) team: &'t Team,
    /// `None`: the primary is alone.
    hot: Option<&'t HotTeam>,
    local: Option<&'t Local>,
}

impl Fork<'_> {
    /// Room for what the workers will work with, where they may have it at hand; see
    /// [`HotTeam::room`].
    #[inline(always)]
    pub(crate) fn room<T>(&self) -> Option<*mut T> {
        self.hot.and_then(HotTeam::room)
    }

    /// Runs `part` once on each thread; returns when all have come to an end, with what became of
    /// those that panicked. A primary that is alone panics itself.
    #[inline(always)]
    pub(crate) fn run<P: Part>(&self, part: &P) -> Result<(), Box<Panics>> {
        let team = self.team;
        let Some(hot) = self.hot else {
            let _frame = self.local.map(|l| InRegion::enter(l, team.frame));
            part.run(team, 0);
            return Ok(());
        };
        let (data, shared): (*const P, *const Team) = (part, team);
        let job = Job {
            num: 0,
            call: region_job::<P>,
            data: data.cast(),
            team: shared.cast(),
        };
        // SAFETY: the hot team was taken out of its owner's keeping for this region, so this thread
        // is its one primary and it is between jobs; `part` and the team are borrowed until the join
        // below, and nothing between here and there unwinds.
        let woken = unsafe { team.post(0, &job) };
        team.part(0, part);
        hot.join(woken);
        if team.stopped() {
            return Err(Box::new(std::mem::take(&mut *team.panics.lock())));
        }
        Ok(())
    }
}

/// Gives `f` the team that `options` asks for, on the calling thread's behalf.
#[inline(always)]
pub(crate) fn with_team<R>(options: &Options, f: impl FnOnce(&Fork<'_>) -> R) -> R {
    let mut f = Some(f);
    let mut call = |fork: &Fork<'_>| f.take().map(|f| f(fork));
    let done = with_local(|local| {
        let outer = local.frame.get();
        let frame = |size: usize| Frame {
            num: 0,
            size: size as u32,
            level: outer.level + 1,
            active: outer.active + u32::from(size > 1),
        };
        if let Some(wanted) = wanted(local, options) {
            let mut borrowed = Borrowed::take(local, wanted);
            let size = borrowed.hot.size();
            if size > 1 {
                borrowed.hot.team.enter(frame(size));
                let hot: &HotTeam = &borrowed.hot;
                return call(&Fork {
                    team: &hot.team,
                    hot: Some(hot),
                    local: Some(local),
                });
            }
        }
        alone(Some(local), frame(1), &mut call)
    });
    match done.flatten() {
        Some(r) => r,
        // The thread is being torn down: it works alone.
        None => {
            let frame = Frame {
                level: 1,
                ..OUTSIDE
            };
            alone(None, frame, &mut call).expect("the closure has not run yet")
        }
    }
}

/// A region of one thread.
fn alone<R>(
    local: Option<&Local>,
    frame: Frame,
    call: &mut impl FnMut(&Fork<'_>) -> Option<R>,
) -> Option<R> {
    let team = &Team::new(frame);
    call(&Fork {
        team,
        hot: None,
        local,
    })
}

/// What a fork asks for; `None`: the thread alone.
#[inline(always)]
fn wanted(local: &Local, options: &Options) -> Option<Wanted> {
    let Frame { level, active, .. } = local.frame.get();
    local.with_defaults(|defaults| {
        if options.serial || active >= defaults.active_levels {
            return None;
        }
        let settings = &defaults.levels[(level as usize).min(1)];
        let threads = options
            .num_threads
            .unwrap_or(settings.threads)
            .min(defaults.most);
        (threads > 1).then(|| Wanted {
            threads,
            bind: settings.bind.map(|env| options.proc_bind.unwrap_or(env)),
            asked: options.proc_bind.is_some() || defaults.asked,
            level,
        })
    })
}

/// A hot team out of its owner's keeping, for the time of one region.
struct Borrowed<'l> {
    local: &'l Local,
    depth: usize,
    hot: ManuallyDrop<Box<HotTeam>>,
}

impl<'l> Borrowed<'l> {
    #[inline(always)]
    fn take(local: &'l Local, wanted: Wanted) -> Self {
        let depth = local.depth.get();
        let kept = local.take_hot(depth);
        let hot = match kept {
            Some(hot) if hot.fits(wanted) => hot,
            other => HotTeam::form(other, local, wanted, depth),
        };
        local.depth.set(depth + 1);
        let hot = ManuallyDrop::new(hot);
        Borrowed { local, depth, hot }
    }
}

impl Drop for Borrowed<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.local.depth.set(self.depth);
        // SAFETY: taken once, here, and the field is not used afterwards.
        let hot = unsafe { ManuallyDrop::take(&mut self.hot) };
        self.local.keep_hot(self.depth, Some(hot));
    }
}
