//! What a thread knows of itself: its regions, its settings, its place, and the teams it keeps.

use super::Team;
use super::environment::{Environment, Root};
use super::hot::HotTeam;
use crate::schedule::Schedule;
use crate::sync::patience::Patience;
use phalanx_topology::{CpuSet, ProcBind};
use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Range;
use std::sync::Arc;

/// One thread's position in one region. Small, for it is copied twice a fork.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) num: u32,
    pub(crate) size: u32,
    /// Enclosing regions, this one included.
    pub(crate) level: u32,
    /// Enclosing regions with more than one thread, this one included.
    pub(crate) active: u32,
}

/// Where a thread is that is in no region.
pub(crate) const OUTSIDE: Frame = Frame {
    num: 0,
    size: 1,
    level: 0,
    active: 0,
};

/// What each fork looks at, gathered from `Work` and its environment; see [`Local::defaults`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Defaults {
    /// Team size, binding without a clause, and binding with one: by nesting level, the last entry
    /// for all deeper ones.
    pub(crate) levels: [Level; 2],
    /// Regions with more than one thread that may nest.
    pub(crate) active_levels: u32,
    /// `OMP_DYNAMIC`'s limit on the team size; the largest number where it is off.
    pub(crate) most: usize,
    /// Binding was asked for by the settings.
    pub(crate) asked: bool,
    /// The schedule that `Runtime` stands for.
    pub(crate) schedule: Schedule,
}

/// The settings of one nesting level.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Level {
    pub(crate) threads: usize,
    /// `None`: not bound, whatever a clause says.
    pub(crate) bind: Option<ProcBind>,
}

/// A thread's own state. Only that thread touches it.
pub(crate) struct Local {
    /// The innermost region.
    pub(crate) frame: Cell<Frame>,
    /// Its team; null outside of all regions.
    team: Cell<*const Team>,
    /// Forks of this thread that are under way: the index of the next free hot team.
    pub(crate) depth: Cell<usize>,
    /// The team for a fork at depth 0. Deeper ones are in `Work::hot`, whose entry 0 is unused
    /// except while another pool's state is in place.
    pub(crate) hot: Cell<Option<Box<HotTeam>>>,
    /// Kept until something that it was gathered from changes: `None` then.
    defaults: Cell<Option<Defaults>>,
    /// How the thread waits inside regions; made by the first one.
    waiting: Cell<Option<Patience>>,
    /// A worker that has been told to end.
    pub(crate) leaving: Cell<bool>,
    /// What changes with the pool that the thread works for.
    pub(crate) work: RefCell<Work>,
}

impl Local {
    /// What a fork looks at, looked at in place. `f` touches nothing of the thread's state.
    #[inline(always)]
    pub(super) fn with_defaults<R>(&self, f: impl FnOnce(&Defaults) -> R) -> R {
        // SAFETY: the cell belongs to this thread, and `f`, which this module's parent provides, does
        // not get at it: nothing changes it while it is borrowed.
        match unsafe { &*self.defaults.as_ptr() } {
            Some(d) => f(d),
            None => f(&self.gather()),
        }
    }

    #[cold]
    fn gather(&self) -> Defaults {
        let work = self.work.borrow();
        let env = work.env();
        let settings = env.settings();
        let level = |l| Level {
            threads: work.num_threads.unwrap_or_else(|| env.threads_at(l)),
            bind: env.bind_at(l),
        };
        // Lists of more than two levels are looked up each time, at the thread's own level.
        let short = settings.num_threads.len().max(settings.proc_bind.len()) <= 2;
        let here = self.frame.get().level as usize;
        let d = Defaults {
            levels: if short {
                [level(0), level(1)]
            } else {
                [level(here); 2]
            },
            active_levels: settings.active_levels().try_into().unwrap_or(u32::MAX),
            most: if settings.dynamic {
                crate::topology::topology().default_threads()
            } else {
                usize::MAX
            },
            asked: env.bind_asked(),
            schedule: work.schedule.unwrap_or(settings.schedule),
        };
        if short {
            self.defaults.set(Some(d));
        }
        d
    }

    /// The innermost region's team, and the thread's number in it; `None` outside of all regions.
    ///
    /// # Safety
    ///
    /// The team is not used after the region: the caller is in it.
    #[inline(always)]
    pub(crate) unsafe fn team<'t>(&self) -> Option<(&'t Team, usize)> {
        // SAFETY: `InRegion` puts the pointer there for the time of the region, which the team outlives.
        let team = unsafe { self.team.get().as_ref() };
        team.map(|t| (t, self.frame.get().num as usize))
    }

    /// How the thread waits inside regions, out of its keeping for one of them.
    pub(crate) fn take_waiting(&self) -> Patience {
        self.waiting.take().unwrap_or_else(|| {
            // It does not count as asleep while it waits: the region is not over.
            Patience::new(self.work.borrow().env().wait(), 0)
        })
    }
    /// Keeps what it has learnt.
    pub(crate) fn keep_waiting(&self, patience: Patience) {
        self.waiting.set(Some(patience));
    }

    /// Changes `Work`, and forgets what was gathered from it.
    pub(crate) fn change<R>(&self, f: impl FnOnce(&mut Work) -> R) -> R {
        self.defaults.set(None);
        f(&mut self.work.borrow_mut())
    }

    /// Replaces all of `Work`, teams included; returns what was there.
    pub(crate) fn exchange(&self, mut new: Work) -> Work {
        self.waiting.set(None);
        self.defaults.set(None);
        let entering = new.hot.first_mut().and_then(Option::take);
        let leaving = self.hot.replace(entering);
        let mut old = self.work.replace(new);
        old.keep(0, leaving);
        old
    }

    /// Takes the kept team of a depth out.
    #[inline(always)]
    pub(crate) fn take_hot(&self, depth: usize) -> Option<Box<HotTeam>> {
        if depth == 0 {
            return self.hot.take();
        }
        let mut work = self.work.borrow_mut();
        work.hot.get_mut(depth).and_then(Option::take)
    }
    /// Keeps a team for the next fork at that depth.
    #[inline(always)]
    pub(crate) fn keep_hot(&self, depth: usize, team: Option<Box<HotTeam>>) {
        if depth == 0 {
            self.hot.set(team);
        } else {
            self.work.borrow_mut().keep(depth, team);
        }
    }
}

/// The part of a thread's state that belongs to a pool: swapped as one by `Pool::install`.
#[derive(Default)]
pub(crate) struct Work {
    pub(crate) env: OnceCell<Arc<Environment>>,
    pub(crate) root: OnceCell<Arc<Root>>,
    /// Teams kept for the next fork, by how many forks of this thread are under way.
    pub(crate) hot: Vec<Option<Box<HotTeam>>>,
    /// From `set_num_threads`.
    pub(crate) num_threads: Option<usize>,
    /// From `set_schedule`.
    pub(crate) schedule: Option<Schedule>,
    /// Where the thread is bound, and the part of the place list that its teams may use.
    pub(crate) place: Option<usize>,
    pub(crate) partition: Option<Range<usize>>,
    /// The same inside the thread's own forks, where it is their primary: entry `d` holds inside
    /// `d` of them. Only `spread` makes it smaller.
    pub(crate) inner: Vec<Option<Range<usize>>>,
    /// The processors that the thread could use before we bound it; `None`: we did not.
    pub(crate) unbound: Option<CpuSet>,
    /// The place that a root thread's teams start from, whether it is bound there or not.
    pub(crate) home: Option<usize>,
}

thread_local! {
    static LOCAL: Local = Local {
        frame: Cell::new(OUTSIDE),
        team: Cell::new(std::ptr::null()),
        depth: Cell::new(0),
        hot: Cell::new(None),
        defaults: Cell::new(None),
        waiting: Cell::new(None),
        leaving: Cell::new(false),
        work: RefCell::default(),
    };
}

/// Runs `f` with the thread's state; `None` while the thread is being torn down.
#[inline(always)]
pub(crate) fn with_local<R>(f: impl FnOnce(&Local) -> R) -> Option<R> {
    LOCAL.try_with(f).ok()
}

impl Work {
    /// The environment; the process's own unless a pool put another one here.
    pub(crate) fn env(&self) -> &Arc<Environment> {
        self.env.get_or_init(|| Environment::of_process().clone())
    }
    /// The contention group.
    pub(crate) fn root(&self) -> &Arc<Root> {
        self.root
            .get_or_init(|| Arc::new(Root::new(self.env().thread_limit())))
    }
    /// The places that a team may use which this thread forms inside `depth` forks of its own.
    pub(crate) fn partition_at(&self, depth: usize) -> Range<usize> {
        let inner = self.inner.get(depth).and_then(Option::as_ref);
        inner
            .or(self.partition.as_ref())
            .cloned()
            .unwrap_or(0..self.env().places().len())
    }
    /// Sets it for `depth`; deeper teams that were arranged under another one are arranged anew.
    pub(crate) fn set_partition_at(&mut self, depth: usize, partition: Option<Range<usize>>) {
        if self.inner.len() <= depth {
            self.inner.resize_with(depth + 1, || None);
        }
        if self.inner[depth] != partition {
            self.inner[depth] = partition;
            self.inner.truncate(depth + 1);
            self.hot
                .iter_mut()
                .skip(depth)
                .flatten()
                .for_each(|team| team.outdate());
        }
    }

    fn keep(&mut self, depth: usize, team: Option<Box<HotTeam>>) {
        if self.hot.len() <= depth {
            self.hot.resize_with(depth + 1, || None);
        }
        self.hot[depth] = team;
    }

    /// Has all kept teams arranged anew at their next fork.
    pub(crate) fn outdate(&mut self) {
        self.hot.iter_mut().flatten().for_each(|t| t.outdate());
    }

    /// Ends all teams and gives the thread back the processors it had.
    pub(crate) fn release(&mut self) {
        self.hot.clear();
        self.give_processors_back();
    }

    /// Gives the thread back the processors it had, and its place to others.
    pub(crate) fn give_processors_back(&mut self) {
        if let (Some(home), Some(env)) = (self.home.take(), self.env.get()) {
            env.leave_place(home);
        }
        if let Some(cpus) = self.unbound.take() {
            self.place = None;
            self.outdate();
            if let Err(e) = cpus.bind_current_thread() {
                crate::icv::warn(&format!(
                    "a thread could not be given its processors back: {e}"
                ));
            }
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        // The thread ends: nobody needs its processors back.
        self.unbound = None;
        self.release();
    }
}

/// Puts the outer frame back, also when the region unwinds.
pub(crate) struct InRegion<'l> {
    local: &'l Local,
    outer: (Frame, *const Team),
}

impl<'l> InRegion<'l> {
    #[inline(always)]
    pub(crate) fn enter(local: &'l Local, frame: Frame, team: *const Team) -> Self {
        InRegion {
            local,
            outer: (local.frame.replace(frame), local.team.replace(team)),
        }
    }
}
impl Drop for InRegion<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.local.frame.set(self.outer.0);
        self.local.team.set(self.outer.1);
    }
}

/// The schedule that `Schedule::Runtime` stands for on this thread.
pub(crate) fn run_schedule() -> Schedule {
    with_local(|l| l.with_defaults(|d| d.schedule)).unwrap_or_default()
}
