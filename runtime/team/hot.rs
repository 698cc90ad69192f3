//! A hot team: the workers that a thread keeps from one fork to the next.

use super::Team;
use super::environment::{Environment, Root};
use super::fork_guard;
use super::nesting::{Local, OUTSIDE, Work};
use super::tree::{Spot, Tree};
use super::wanted::Wanted;
use super::worker::{Move, Worker, bind_here};
use crate::icv::warn;
use crate::sync::job::Job;
use crate::sync::meet::Meet;
use crate::sync::patience::Patience;
use phalanx_topology::{CpuSet, assign};
use std::cell::{OnceCell, RefCell, UnsafeCell};
use std::mem::MaybeUninit;
use std::sync::Arc;

/// Workers in waiting, and the shape that they are arranged in.
pub(crate) struct HotTeam {
    /// What all threads share.
    pub(super) team: Team,
    /// Threads of the team, the primary included.
    size: usize,
    wanted: Wanted,
    generation: u32,
    /// How the primary waits for answers. On lines of its own: the primary changes it at each join,
    /// and the workers read what is above.
    patience: Line<RefCell<Patience>>,
    /// Where the workers find what a region works with. Used by the primary; the workers follow the
    /// pointer in their jobs.
    block: Line<UnsafeCell<Block>>,
}

#[repr(align(128))]
struct Line<T>(T);

/// Room for a part on lines that stay where they are: 256 bytes.
type Block = MaybeUninit<[u64; 32]>;

impl HotTeam {
    #[inline(always)]
    pub(crate) fn fits(&self, wanted: Wanted) -> bool {
        self.wanted == wanted && self.generation == fork_guard::generation()
    }
    #[inline(always)]
    pub(crate) fn size(&self) -> usize {
        self.size
    }
    /// Has the team arranged anew at the next fork.
    pub(crate) fn outdate(&mut self) {
        self.wanted = Wanted::NOTHING;
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
                team: Team::new(OUTSIDE),
                size: 1,
                wanted,
                patience: Line(RefCell::new(Patience::new(env.wait(), 0))),
                generation,
                block: Line(UnsafeCell::new(MaybeUninit::uninit())),
            })
        });
        team.wanted = wanted;
        // Runs the pool's namer, so nothing of this thread's state is borrowed meanwhile.
        team.hire(&env, &root, wanted.threads());
        if team.size > 1 {
            local.change(|work| team.arrange(work, &env, depth));
        }
        crate::observe::affinity::display(&env, local, &team, wanted.level());
        team
    }

    /// Has each thread of the team run `f(thread_num)`, outside of any region. For the runtime's own
    /// questions: `f` does not panic.
    pub(crate) fn ask<F: Fn(usize) + Sync>(&self, f: &F) {
        /// # Safety
        ///
        /// `job.data` points to an `F` that outlives the job.
        unsafe fn call<F: Fn(usize) + Sync>(job: &Job, _: &mut Patience) {
            // SAFETY: as the caller promises.
            unsafe { (*job.data.cast::<F>())(job.num as usize) }
        }
        let data: *const F = f;
        let mut patience = self.patience.0.borrow_mut();
        for num in 1..self.size {
            let job = Job {
                num: num as u32,
                call: call::<F>,
                data: data.cast(),
                team: std::ptr::null(),
            };
            // SAFETY: the team is between regions and this is its primary, so the lines are idle;
            // `f` is borrowed until all have answered, below.
            let _ = unsafe { self.team.line(num).post(job) };
        }
        f(0);
        (1..self.size).for_each(|num| self.team.line(num).join(false, &mut patience));
    }

    /// Room for a `T` that the workers of a region will work with, always the same; `None`: it is too
    /// large. Between regions it is the primary's alone.
    #[inline(always)]
    pub(crate) fn room<T>(&self) -> Option<*mut T> {
        let fits = size_of::<T>() <= size_of::<Block>() && align_of::<T>() <= 64;
        fits.then(|| self.block.0.get().cast())
    }

    /// Waits until every worker has answered.
    #[inline(always)]
    pub(crate) fn join(&self, woken: bool) {
        self.team.join(0, woken, &mut self.patience.0.borrow_mut());
    }

    /// Starts the workers that are missing; says so when there are fewer than asked for.
    fn hire(&mut self, env: &Arc<Environment>, root: &Arc<Root>, threads: usize) {
        while self.team.workers.len() + 1 < threads {
            let have = self.team.workers.len() + 1;
            if !root.take() {
                warn(&format!(
                    "a team of {threads} threads was asked for, and the thread limit is {} \
                     (OMP_THREAD_LIMIT); the team has {have}",
                    root.limit()
                ));
                break;
            }
            match Worker::start(env, root, have) {
                Ok(w) => self.team.workers.push(w),
                Err(e) => {
                    root.give();
                    let stack = env.settings().stack_size;
                    let stack =
                        stack.map_or(String::new(), |n| format!(" with a stack of {n} bytes"));
                    warn(&format!(
                        "thread {} of {threads} could not be started{stack}: {e}; the team has {have}",
                        have + 1
                    ));
                    break;
                }
            }
        }
        self.size = threads.min(self.team.workers.len() + 1);
    }

    /// Chooses who posts to whom, and how the threads meet. Two meet best at one counter; many, if
    /// there is a processor for each, on a line each; and so do those whose lines a tree spreads out.
    /// Without a processor for each, the counter wakes a whole round with one call.
    fn grow(&mut self, spots: &[Spot]) {
        self.team.tree = Tree::new(spots);
        let processors = crate::topology::topology().num_procs();
        let lines = self.team.tree.is_some() || (self.size > 2 && self.size <= processors);
        let lines = if lines { self.size } else { 0 };
        self.team.meets = (0..lines).map(|_| Meet::new()).collect();
        self.team.renew(self.size);
    }

    /// Binds primary and workers to their places (OpenMP 6.0, "Controlling OpenMP Thread Affinity").
    fn arrange(&mut self, work: &mut Work, env: &Arc<Environment>, depth: usize) {
        let Some(bind) = self.wanted.bind() else {
            self.grow(&vec![Spot::default(); self.size]);
            return;
        };
        let first = match work.place {
            Some(p) => p,
            None => root_place(work, env, self.wanted.asked()),
        };
        let plan = assign(bind, self.size, work.partition_at(depth), first);
        let spots: Vec<Spot> = plan.iter().map(|a| spot(env, a.place)).collect();
        self.grow(&spots);
        let moves: Vec<Move> = plan
            .iter()
            .map(|a| Move {
                env: env.clone(),
                place: Some(a.place),
                partition: Some(a.partition.clone()),
            })
            .collect();
        work.set_partition_at(depth + 1, moves.first().and_then(|m| m.partition.clone()));
        let pairs = self.team.workers.iter_mut().zip(&moves[1..]);
        let under_way: Vec<_> = pairs.filter_map(|(w, m)| w.begin_move(m)).collect();
        drop(under_way);
    }
}

/// Copies a value, like `ptr::copy_nonoverlapping`, without storing words that are equal already: what a
/// loop does again and again then stays in the workers' caches.
///
/// # Safety
///
/// That of `ptr::copy_nonoverlapping`.
#[inline(always)]
pub(crate) unsafe fn copy_changed<T>(from: *const T, to: *mut T) {
    let (words, rest) = (size_of::<T>() / 8, size_of::<T>() % 8);
    for k in 0..words {
        // SAFETY: word `k` of both, which the caller vouches for; unaligned where `T` is.
        unsafe {
            let word = from.cast::<MaybeUninit<u64>>().add(k).read_unaligned();
            store_changed(word, to.cast::<MaybeUninit<u64>>().add(k));
        }
    }
    // SAFETY: the bytes after the last word.
    unsafe {
        let (from, to) = (from.cast::<u8>().add(8 * words), to.cast::<u8>());
        std::ptr::copy_nonoverlapping(from, to.add(8 * words), rest);
    }
}

/// Stores a word, unless it is there already.
///
/// # Safety
///
/// That of `ptr::write_unaligned`.
#[inline(always)]
unsafe fn store_changed(word: MaybeUninit<u64>, to: *mut MaybeUninit<u64>) {
    // The comparison is assembly because bytes of padding may not be compared in Rust.
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    // SAFETY: reads and writes the one word, which is `word` afterwards: a store.
    unsafe {
        std::arch::asm!(
            "cmp qword ptr [{to}], {word}",
            "je 2f",
            "mov qword ptr [{to}], {word}",
            "2:",
            word = in(reg) word,
            to = in(reg) to,
            options(nostack),
        );
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    // SAFETY: the caller's promise.
    unsafe {
        to.write_unaligned(word)
    };
}

/// Where in the machine a place is.
fn spot(env: &Environment, place: usize) -> Spot {
    let machine = crate::topology::topology();
    let cpu = env.places()[place].cpus().iter().next();
    let pu = cpu.and_then(|c| machine.pu(c));
    Spot {
        node: pu.and_then(|p| p.node()),
        llc: pu.and_then(|p| p.llc()),
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
            std::mem::forget(std::mem::take(&mut self.team.workers));
        }
    }
}
