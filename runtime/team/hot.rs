//! A hot team: the workers that a thread keeps from one fork to the next.

use super::environment::{Environment, Root};
use super::fork_guard;
use super::nesting::{Local, Work};
use super::worker::{Move, Worker, bind_here};
use crate::icv::warn;
use crate::sync::job::Job;
use crate::sync::patience::Patience;
use phalanx_topology::{CpuSet, ProcBind, assign};
use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

/// What a fork asks for. Two forks that ask alike use the same team as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) threads: usize,
    pub(crate) bind: Option<ProcBind>,
    /// The binding was asked for, so the thread that forks is bound too.
    pub(crate) asked: bool,
    pub(crate) level: u32,
}

/// Workers in waiting, and the shape that they are arranged in.
pub(crate) struct HotTeam {
    workers: Vec<Worker>,
    /// Threads of the team, the primary included.
    size: usize,
    wanted: Wanted,
    /// How the primary waits for answers.
    pub(crate) patience: RefCell<Patience>,
    generation: u32,
}

impl HotTeam {
    #[inline(always)]
    pub(crate) fn fits(&self, wanted: Wanted) -> bool {
        self.wanted == wanted && self.generation == fork_guard::generation()
    }
    #[inline(always)]
    pub(crate) fn size(&self) -> usize {
        self.size
    }
    /// Workers of the team: thread `k + 1` is at `k`.
    #[inline(always)]
    pub(crate) fn workers(&self) -> &[Worker] {
        &self.workers[..self.size - 1]
    }

    /// Has the team arranged anew at the next fork.
    pub(crate) fn outdate(&mut self) {
        self.wanted.threads = 0;
    }

    /// Brings a team into the shape that is wanted, from an older one or from nothing.
    #[cold]
    pub(crate) fn form(
        old: Option<Box<HotTeam>>,
        local: &Local,
        wanted: Wanted,
        depth: usize,
    ) -> Box<HotTeam> {
        fork_guard::watch();
        let generation = fork_guard::generation();
        let old = old.and_then(|t| {
            if t.generation == generation {
                return Some(t);
            }
            // A child process: the workers are the parent's, and `drop` leaves them alone.
            None
        });
        let (env, root) = local.change(|work| {
            if !work.root().is_here() {
                work.root = OnceCell::new();
            }
            (work.env().clone(), work.root().clone())
        });
        let mut team = old.unwrap_or_else(|| {
            Box::new(HotTeam {
                workers: Vec::new(),
                size: 1,
                wanted,
                patience: RefCell::new(Patience::new(env.wait(), 0)),
                generation,
            })
        });
        team.wanted = wanted;
        // Runs the pool's namer, so nothing of this thread's state is borrowed meanwhile.
        team.hire(&env, &root, wanted.threads);
        if team.size > 1 {
            local.change(|work| team.arrange(work, &env, depth));
        }
        crate::observe::affinity::display(&env, local, &team, wanted.level);
        team
    }

    /// Has each thread of the team run `f(thread_num)`, outside of any region. For the runtime's own
    /// questions: `f` does not panic.
    pub(crate) fn ask<F: Fn(usize) + Sync>(&self, f: &F) {
        /// # Safety
        ///
        /// `job.data` points to an `F` that outlives the job.
        unsafe fn call<F: Fn(usize) + Sync>(job: &Job) {
            // SAFETY: as the caller promises.
            unsafe { (*job.data.cast::<F>())(job.num as usize) }
        }
        let data: *const F = f;
        // SAFETY: the team is between regions and this is its primary, so the lines are idle; `f` is
        // borrowed until all have answered, below.
        unsafe { self.post(call::<F>, data.cast(), std::ptr::null()) };
        f(0);
        self.join();
    }

    /// Posts one job to every worker.
    ///
    /// # Safety
    ///
    /// The calling thread is the team's primary and the team is between jobs; `data` and `team` stay
    /// valid for `call` until [`join`](Self::join) has returned.
    #[inline(always)]
    pub(crate) unsafe fn post(&self, call: unsafe fn(&Job), data: *const (), team: *const ()) {
        for (k, w) in self.workers().iter().enumerate() {
            let num = k as u32 + 1;
            let job = Job {
                call,
                data,
                team,
                num,
            };
            // SAFETY: the caller's promise.
            unsafe { w.line.post(job) };
        }
    }

    /// Waits until every worker has answered.
    #[inline(always)]
    pub(crate) fn join(&self) {
        // One look at every line first, without a branch a line, so that their transfers overlap.
        let answered = |all, w: &Worker| all & w.line.answered();
        if !self.workers().iter().fold(true, answered) {
            let mut patience = self.patience.borrow_mut();
            self.workers()
                .iter()
                .for_each(|w| w.line.join(&mut patience));
        }
    }

    /// Starts the workers that are missing; says so when there are fewer than asked for.
    fn hire(&mut self, env: &Arc<Environment>, root: &Arc<Root>, threads: usize) {
        while self.workers.len() + 1 < threads {
            let have = self.workers.len() + 1;
            if !root.take() {
                warn(&format!(
                    "a team of {threads} threads was asked for, and the thread limit is {} \
                     (OMP_THREAD_LIMIT); the team has {have}",
                    root.limit()
                ));
                break;
            }
            match Worker::start(env, root, have) {
                Ok(w) => self.workers.push(w),
                Err(e) => {
                    root.give();
                    warn(&format!(
                        "thread {} of {threads} could not be started: {e}; the team has {have}",
                        have + 1
                    ));
                    break;
                }
            }
        }
        self.size = threads.min(self.workers.len() + 1);
    }

    /// Binds primary and workers to their places (OpenMP 6.0, "Controlling OpenMP Thread Affinity").
    fn arrange(&mut self, work: &mut Work, env: &Arc<Environment>, depth: usize) {
        let Some(bind) = self.wanted.bind else { return };
        let first = match work.place {
            Some(p) => p,
            None => root_place(work, env, self.wanted.asked),
        };
        let plan = assign(bind, self.size, work.partition_at(depth), first);
        let moves: Vec<Move> = plan
            .iter()
            .map(|a| Move {
                env: env.clone(),
                place: Some(a.place),
                partition: Some(a.partition.clone()),
            })
            .collect();
        work.set_partition_at(depth + 1, moves.first().and_then(|m| m.partition.clone()));
        let pairs = self.workers.iter_mut().zip(&moves[1..]);
        let under_way: Vec<_> = pairs.filter_map(|(w, m)| w.begin_move(m)).collect();
        drop(under_way);
    }
}

/// The place that a root thread's teams start from. The thread itself is bound there only if binding
/// was asked for: what it starts by other means, threads and processes, inherits its processors.
fn root_place(work: &mut Work, env: &Environment, asked: bool) -> usize {
    let home = *work.home.get_or_insert_with(|| env.enter_place());
    if asked && let Ok(cpus) = CpuSet::current_thread() {
        work.unbound = Some(cpus);
        work.place = Some(home);
        // Teams that were arranged before the thread had a place; the one being formed is not among
        // them.
        work.outdate();
        bind_here(env, home);
    }
    home
}

impl Drop for HotTeam {
    fn drop(&mut self) {
        if self.generation != fork_guard::generation() {
            // A child process: see `form`.
            std::mem::forget(std::mem::take(&mut self.workers));
        }
    }
}
