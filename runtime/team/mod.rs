//! The team: fork, join, and what the threads of one region share. See README.md beside this.

pub(crate) mod environment;
pub(crate) mod hot;
pub(crate) mod nesting;
pub mod pool;
pub mod query;
pub mod region;
mod worker;

use crate::sync::barrier::Barrier;
use crate::sync::job::Job;
use crate::worksharing::options::Options;
use hot::{HotTeam, Wanted};
use nesting::{Frame, InRegion, Local, with_local};
use parking_lot::Mutex;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::AtomicU64;

type Payload = Box<dyn Any + Send>;

/// The threads of one region. Lives on the primary's stack while the region runs.
pub struct Team<'t> {
    /// `None`: the primary is alone.
    hot: Option<&'t HotTeam>,
    /// The primary's part of a dynamic loop; the workers' are in their job lines.
    word: Line<AtomicU64>,
    /// Where the threads meet, and the flag by which they give up.
    barrier: Barrier,
    /// The first payload that a thread of the team panicked with.
    panic: Mutex<Option<Payload>>,
    frame: Frame,
    local: Option<&'t Local>,
}

#[repr(align(128))]
struct Line<T>(T);

// SAFETY: workers see the team only by a shared reference that the job carries, and use of it
// these: `hot` for `JobLine::word` (an atomic), `word`, `barrier` and `panic` (all `Sync`), and
// copies of `frame`. `hot.patience` and `local` belong to the primary: `run` uses them on the
// thread that made the team, and only there.
unsafe impl Sync for Team<'_> {}

impl<'t> Team<'t> {
    fn new(hot: Option<&'t HotTeam>, local: Option<&'t Local>) -> Self {
        let outer = local.and_then(|l| l.frame.get());
        let size = hot.map_or(1, HotTeam::size);
        let frame = Frame {
            num: 0,
            size,
            level: outer.map_or(0, |f| f.level) + 1,
            active: outer.map_or(0, |f| f.active) + usize::from(size > 1),
        };
        Team {
            hot,
            word: Line(AtomicU64::new(0)),
            barrier: Barrier::new(size),
            panic: Mutex::new(None),
            frame,
            local,
        }
    }

    /// Number of threads.
    #[inline(always)]
    pub fn size(&self) -> usize {
        self.frame.size
    }

    /// Thread `num`'s part of a dynamic loop.
    #[inline(always)]
    pub(crate) fn word(&self, num: usize) -> &AtomicU64 {
        match self.hot {
            Some(hot) if num > 0 => hot.workers()[num - 1].line.word(),
            _ => &self.word.0,
        }
    }

    /// Whether a thread of the team panicked, so that the others should leave.
    #[inline(always)]
    pub fn stopped(&self) -> bool {
        self.barrier.stopped()
    }

    pub(crate) fn barrier(&self) -> &Barrier {
        &self.barrier
    }

    /// Runs `f(thread_num)` once on each thread; returns when all have.
    ///
    /// Panics with the first payload that a thread panicked with, after all have returned.
    #[inline(always)]
    pub(crate) fn run<F: Fn(usize) + Sync>(&self, f: &F) {
        let Some(hot) = self.hot else {
            let _frame = self.local.map(|l| InRegion::enter(l, self.frame));
            return f(0);
        };
        let region = Region { team: self, f };
        let data: *const Region<'_, '_, F> = &region;
        for (k, w) in hot.workers().iter().enumerate() {
            let job = Job {
                call: region_job::<F>,
                data: data.cast(),
                num: k + 1,
            };
            // SAFETY: the hot team was taken out of its owner's keeping for this region, so this
            // thread is the line's one primary and all lines are idle; `region` stays where it is
            // until every line is joined below, and nothing between here and there unwinds.
            unsafe { w.line.post(job) };
        }
        self.part(0, f);
        let mut patience = hot.patience.borrow_mut();
        // One look at every line first, without a branch a line, so that their transfers overlap.
        let missing = hot
            .workers()
            .iter()
            .fold(false, |m, w| m | !w.line.answered());
        if missing {
            hot.workers()
                .iter()
                .for_each(|w| w.line.join(&mut patience));
        }
        drop(patience);
        if self.stopped() {
            self.rethrow();
        }
    }

    /// One thread's part: never unwinds.
    #[inline(always)]
    fn part<F: Fn(usize)>(&self, num: usize, f: &F) {
        let run = || {
            with_local(|local| {
                let _frame = InRegion::enter(local, Frame { num, ..self.frame });
                f(num);
            })
            // The thread is being torn down (a fork in a destructor of a thread-local): it has no
            // frame, and works all the same.
            .unwrap_or_else(|| f(num))
        };
        if let Err(payload) = catch_unwind(AssertUnwindSafe(run)) {
            self.fail(payload);
        }
    }

    /// Keeps the first payload and makes everyone leave.
    #[cold]
    fn fail(&self, payload: Payload) {
        let mut first = self.panic.lock();
        if first.is_none() {
            *first = Some(payload);
            drop(first);
        } else {
            drop(first);
            drop_quietly(payload);
        }
        self.barrier.stop();
    }

    #[cold]
    fn rethrow(&self) {
        if let Some(payload) = self.panic.lock().take() {
            resume_unwind(payload);
        }
    }
}

/// Drops a payload whose destructor may panic in turn.
fn drop_quietly(payload: Payload) {
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(again);
    }
}

/// What the workers of one region are pointed at.
struct Region<'r, 't, F> {
    team: &'r Team<'t>,
    f: &'r F,
}

/// A worker's part in a region.
///
/// # Safety
///
/// `data` points to a `Region<F>` that outlives the job.
unsafe fn region_job<F: Fn(usize) + Sync>(data: *const (), num: usize) {
    // SAFETY: as the caller promises; `Team` and `F` are `Sync`, so sharing them is sound.
    let region = unsafe { &*data.cast::<Region<'_, '_, F>>() };
    region.team.part(num, region.f);
}

/// Gives `f` the team that `options` asks for, on the calling thread's behalf.
#[inline(always)]
pub(crate) fn with_team<R>(options: &Options, f: impl FnOnce(&Team<'_>) -> R) -> R {
    let mut f = Some(f);
    let mut call = |team: &Team<'_>| f.take().map(|f| f(team));
    let done = with_local(|local| {
        let Some(wanted) = wanted(local, options) else {
            return call(&Team::new(None, Some(local)));
        };
        let borrowed = Borrowed::take(local, wanted);
        let hot = (borrowed.hot().size() > 1).then(|| borrowed.hot());
        call(&Team::new(hot, Some(local)))
    });
    match done.flatten() {
        Some(r) => r,
        // The thread is being torn down: it works alone.
        None => call(&Team::new(None, None)).expect("the closure has not run yet"),
    }
}

/// What a fork asks for; `None`: the thread alone.
#[inline(always)]
fn wanted(local: &Local, options: &Options) -> Option<Wanted> {
    if options.serial {
        return None;
    }
    let work = local.work.borrow();
    let env = work.env();
    let (level, active) = local.frame.get().map_or((0, 0), |f| (f.level, f.active));
    if active >= env.settings().active_levels() {
        return None;
    }
    let asked = options.num_threads.or(work.num_threads);
    let mut threads = asked.unwrap_or_else(|| env.threads_at(level));
    if env.settings().dynamic {
        threads = threads.min(crate::topology::topology().default_threads());
    }
    let bind = env.bind_at(level, options.proc_bind);
    let asked = options.proc_bind.is_some() || env.bind_asked();
    (threads > 1).then_some(Wanted {
        threads,
        bind,
        asked,
        level,
    })
}

/// A hot team out of its owner's keeping, for the time of one region.
struct Borrowed<'l> {
    local: &'l Local,
    depth: usize,
    hot: Option<Box<HotTeam>>,
}

impl<'l> Borrowed<'l> {
    #[inline(always)]
    fn take(local: &'l Local, wanted: Wanted) -> Self {
        let depth = local.depth.get();
        local.depth.set(depth + 1);
        let (kept, place) = {
            let mut work = local.work.borrow_mut();
            (work.hot.get_mut(depth).and_then(Option::take), work.place)
        };
        let mut b = Borrowed {
            local,
            depth,
            hot: kept,
        };
        if !b.hot.as_ref().is_some_and(|h| h.fits(wanted, place)) {
            let old = b.hot.take();
            b.hot = Some(HotTeam::form(old, local, wanted));
        }
        b
    }
    #[inline(always)]
    fn hot(&self) -> &HotTeam {
        self.hot.as_ref().expect("set by `take`")
    }
}

impl Drop for Borrowed<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.local.depth.set(self.depth);
        let mut work = self.local.work.borrow_mut();
        if work.hot.len() <= self.depth {
            work.hot.resize_with(self.depth + 1, || None);
        }
        work.hot[self.depth] = self.hot.take();
    }
}
