//! What a thread knows of itself: its regions, its settings, its place, and the teams it keeps.

use super::environment::{Environment, Root};
use super::hot::HotTeam;
use crate::schedule::Schedule;
use phalanx_topology::CpuSet;
use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Range;
use std::sync::Arc;

/// One thread's position in one region. Lives on that thread's stack while it runs the region.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub(crate) num: usize,
    pub(crate) size: usize,
    /// Enclosing regions, this one included.
    pub(crate) level: usize,
    /// Enclosing regions with more than one thread, this one included.
    pub(crate) active: usize,
}

/// A thread's own state. Only that thread touches it.
pub(crate) struct Local {
    /// The innermost region; `None` outside of all.
    pub(crate) frame: Cell<Option<Frame>>,
    /// Forks of this thread that are under way: the index of the next free hot team.
    pub(crate) depth: Cell<usize>,
    /// A worker that has been told to end.
    pub(crate) leaving: Cell<bool>,
    /// What changes with the pool that the thread works for.
    pub(crate) work: RefCell<Work>,
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
        frame: Cell::new(None),
        depth: Cell::new(0),
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
    outer: Option<Frame>,
}

impl<'l> InRegion<'l> {
    #[inline(always)]
    pub(crate) fn enter(local: &'l Local, frame: Frame) -> Self {
        InRegion {
            local,
            outer: local.frame.replace(Some(frame)),
        }
    }
}
impl Drop for InRegion<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.local.frame.set(self.outer);
    }
}

/// The schedule that `Schedule::Runtime` stands for on this thread.
pub(crate) fn run_schedule() -> Schedule {
    with_local(|l| {
        let work = l.work.borrow();
        work.schedule.unwrap_or(work.env().settings().schedule)
    })
    .unwrap_or_default()
}
