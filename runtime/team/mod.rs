//! The team: fork, join, and what the threads of one region share. See README.md beside this.

pub(crate) mod environment;
pub(crate) mod fork_guard;
pub(crate) mod hot;
pub(crate) mod nesting;
pub mod pool;
pub mod query;
pub mod region;
mod worker;

use crate::sync::barrier::{Barrier, Round, Stop, Stopped};
use crate::sync::job::{Job, Reply};
use crate::sync::patience::Patience;
use crate::worksharing::options::Options;
use hot::{HotTeam, Wanted};
use nesting::{Frame, InRegion, Local, OUTSIDE, with_local};
use parking_lot::Mutex;
use std::any::Any;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::AtomicU64;

type Payload = Box<dyn Any + Send>;

/// The threads of one region. Lives on the primary's stack while the region runs. Its first line is
/// all that the workers of a hot loop read of it.
#[repr(C, align(64))]
pub struct Team<'t> {
    frame: Frame,
    /// `None`: the primary is alone.
    hot: Option<&'t HotTeam>,
    local: Option<&'t Local>,
    stop: Stop,
    /// The primary's part of a dynamic loop; the workers' are in their job lines.
    word: Line<AtomicU64>,
    /// Where the threads meet.
    barrier: Barrier,
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

/// What the threads of a team do in one region: `run(num)` on each of them.
pub(crate) trait Part: Sync {
    fn run(&self, num: usize);
}

impl<F: Fn(usize) + Sync> Part for F {
    #[inline(always)]
    fn run(&self, num: usize) {
        self(num);
    }
}

// SAFETY: workers see the team only by a shared reference that the job carries, and use of it
// these: `hot` for the job lines' atomics and replies, `stop`, `word`, `barrier` and `panics` (all
// `Sync`), and copies of `frame`. `hot`'s other parts and `local` belong to the primary: `run` uses
// them on the thread that made the team, and only there.
unsafe impl Sync for Team<'_> {}

impl<'t> Team<'t> {
    #[inline(always)]
    fn new(hot: Option<&'t HotTeam>, local: Option<&'t Local>) -> Self {
        let outer = local.map_or(OUTSIDE, |l| l.frame.get());
        let size = hot.map_or(1, HotTeam::size);
        let frame = Frame {
            num: 0,
            size: size as u32,
            level: outer.level + 1,
            active: outer.active + u32::from(size > 1),
        };
        Team {
            frame,
            hot,
            local,
            stop: Stop::new(),
            word: Line(AtomicU64::new(0)),
            barrier: Barrier::new(size),
            panics: Mutex::default(),
        }
    }

    /// Number of threads.
    #[inline(always)]
    pub fn size(&self) -> usize {
        self.frame.size as usize
    }

    /// Thread `num`'s part of a dynamic loop.
    #[inline(always)]
    pub(crate) fn word(&self, num: usize) -> &AtomicU64 {
        match self.hot {
            Some(hot) if num > 0 => hot.workers()[num - 1].line.word(),
            _ => &self.word.0,
        }
    }

    /// Where thread `num`'s answer goes if it is small; `None` for the primary, which needs no line.
    #[inline(always)]
    pub(crate) fn reply(&self, num: usize) -> Option<*mut Reply> {
        let hot = self.hot.filter(|_| num > 0)?;
        Some(hot.workers()[num - 1].line.reply())
    }

    /// Whether a thread of the team panicked, so that the others should leave.
    #[inline(always)]
    pub fn stopped(&self) -> bool {
        self.stop.is_set()
    }

    /// Waits for the other threads of the team.
    pub(crate) fn barrier(
        &self,
        round: &mut Round,
        patience: &mut Patience,
    ) -> Result<(), Stopped> {
        self.barrier.wait(&self.stop, round, patience)
    }

    /// Runs `part` once on each thread; returns when all have come to an end, with what became of
    /// those that panicked. A primary that is alone panics itself.
    #[inline(always)]
    pub(crate) fn run<P: Part>(&self, part: &P) -> Result<(), Panics> {
        let Some(hot) = self.hot else {
            let _frame = self.local.map(|l| InRegion::enter(l, self.frame));
            part.run(0);
            return Ok(());
        };
        let (data, team): (*const P, *const Self) = (part, self);
        // SAFETY: the hot team was taken out of its owner's keeping for this region, so this thread
        // is its one primary and it is between jobs; `part` and the team are borrowed until the join
        // below, and nothing between here and there unwinds.
        unsafe { hot.post(region_job::<P>, data.cast(), team.cast()) };
        self.part(0, part);
        hot.join();
        if self.stopped() {
            return Err(std::mem::take(&mut *self.panics.lock()));
        }
        Ok(())
    }

    /// One thread's part: never unwinds.
    #[inline(always)]
    fn part<P: Part>(&self, num: u32, part: &P) {
        let run = || {
            with_local(|local| {
                let _frame = InRegion::enter(local, Frame { num, ..self.frame });
                part.run(num as usize);
            })
            // The thread is being torn down (a fork in a destructor of a thread-local): it has no
            // frame, and works all the same.
            .unwrap_or_else(|| part.run(num as usize))
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
        self.barrier.stop(&self.stop);
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

/// A worker's part in a region.
///
/// # Safety
///
/// The job's `data` points to a `P` and its `team` to a `Team`; both outlive the job.
unsafe fn region_job<P: Part>(job: &Job) {
    // SAFETY: as the caller promises; both types are `Sync`, so sharing them is sound.
    let (team, part) = unsafe { (&*job.team.cast::<Team<'_>>(), &*job.data.cast::<P>()) };
    team.part(job.num, part);
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
        let hot: &HotTeam = &borrowed.hot;
        let hot = Some(hot).filter(|hot| hot.size() > 1);
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
    let defaults = local.defaults();
    let Frame { level, active, .. } = local.frame.get();
    if options.serial || active >= defaults.active_levels {
        return None;
    }
    let settings = defaults.levels[(level as usize).min(1)];
    let threads = options
        .num_threads
        .unwrap_or(settings.threads)
        .min(defaults.most);
    Some(Wanted {
        threads,
        bind: settings.bind.map(|env| options.proc_bind.unwrap_or(env)),
        asked: options.proc_bind.is_some() || defaults.asked,
        level,
    })
    .filter(|w| w.threads > 1)
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
