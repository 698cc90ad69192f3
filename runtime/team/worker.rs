//! A worker: a thread that waits at its job line, runs what comes, and answers.

use super::drop_quietly;
use super::environment::{Environment, Root};
use super::nesting::{Frame, InRegion, OUTSIDE, with_local};
use crate::icv::warn;
use crate::sync::job::{Job, JobLine};
use crate::sync::park::yield_now;
use crate::sync::patience::{Awake, Patience};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

/// The primary's side of one worker.
pub(crate) struct Worker {
    pub(crate) line: Arc<JobLine>,
    handle: Option<JoinHandle<()>>,
    root: Arc<Root>,
    /// Where the worker is bound now.
    place: Option<usize>,
}

impl Worker {
    /// Starts thread `num` of a team of `env`. The caller has taken it from `root`.
    pub(crate) fn start(
        env: &Arc<Environment>,
        root: &Arc<Root>,
        num: usize,
    ) -> std::io::Result<Worker> {
        let line = Arc::new(JobLine::new());
        let number = env.next_number();
        let name = name(env, number);
        let mut builder = Builder::new().name(name);
        if let Some(bytes) = env.settings().stack_size {
            builder = builder.stack_size(bytes);
        }
        let (l, e, r) = (line.clone(), env.clone(), root.clone());
        let handle = builder.spawn(move || live(&l, e, r, num, number))?;
        Ok(Worker {
            line,
            handle: Some(handle),
            root: root.clone(),
            place: None,
        })
    }

    /// Posts a job that moves the worker to a place; `None` when it is there already.
    pub(crate) fn begin_move<'m>(&mut self, to: &'m Move) -> Option<Moving<'_, 'm>> {
        let same = self.place == to.place && self.place.is_some();
        self.place = to.place;
        if same && to.partition.is_none() {
            return None;
        }
        let data: *const Move = to;
        // SAFETY: the caller is this worker's primary, between regions, so the line is idle; `to`
        // is borrowed by the value returned, which joins before it lets go.
        let _ = unsafe {
            self.line.post(Job {
                num: 0,
                call: move_here,
                data: data.cast(),
                team: std::ptr::null(),
            })
        };
        Some(Moving {
            line: &self.line,
            _to: to,
        })
    }
}

/// A move under way; joined when dropped.
pub(crate) struct Moving<'w, 'm> {
    line: &'w JobLine,
    _to: &'m Move,
}
impl Drop for Moving<'_, '_> {
    fn drop(&mut self) {
        let policy = crate::sync::patience::WaitPolicy::passive();
        self.line.join(true, &mut Patience::new(policy, 0));
    }
}

/// Where a worker is to go.
pub(crate) struct Move {
    pub(crate) env: Arc<Environment>,
    pub(crate) place: Option<usize>,
    pub(crate) partition: Option<Range<usize>>,
}

/// The job behind `begin_move`.
///
/// # Safety
///
/// `job.data` points to a `Move` that outlives the job.
unsafe fn move_here(job: &Job, _: &mut Patience) {
    // SAFETY: as the caller promises.
    let to = unsafe { &*job.data.cast::<Move>() };
    with_local(|local| {
        local.change(|work| {
            work.place = to.place;
            work.partition.clone_from(&to.partition);
            work.outdate();
        });
        if let Some(mut team) = local.hot.take() {
            team.outdate();
            local.hot.set(Some(team));
        }
    });
    if let Some(place) = to.place {
        bind_here(&to.env, place);
    }
}

/// Binds the calling thread to a place; a refusal is reported where binding was asked for.
pub(crate) fn bind_here(env: &Environment, place: usize) {
    if let Err(e) = env.places()[place].cpus().bind_current_thread()
        && env.bind_asked()
    {
        let name = std::thread::current()
            .name()
            .unwrap_or("a thread")
            .to_owned();
        warn(&format!(
            "{name} could not be bound to place {place}: {e}; it runs where it may"
        ));
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        unsafe fn leave(_: &Job, _: &mut Patience) {
            with_local(|local| local.leaving.set(true));
        }
        // SAFETY: the primary owns the worker and is between regions, so the line is idle; the job
        // uses no data.
        let _ = unsafe {
            self.line.post(Job {
                num: 0,
                call: leave,
                data: std::ptr::null(),
                team: std::ptr::null(),
            })
        };
        if let Some(handle) = self.handle.take() {
            // The worker catches all panics of jobs and hooks, so it ends in order; what a
            // thread-local's destructor throws is nobody's.
            if let Err(payload) = handle.join() {
                drop_quietly(payload);
            }
        }
        self.root.give();
    }
}

/// A worker's life.
fn live(line: &JobLine, env: Arc<Environment>, root: Arc<Root>, num: usize, number: usize) {
    let hooks = env.threads.clone();
    // The first worker of a team counts for its primary too, so that a team of two that is awake
    // counts as two threads.
    let weight = if num == 1 { 2 } else { 1 };
    let awake = Awake::new(weight);
    let mut patience = Patience::new(env.wait(), weight);
    // For the threads that this one posts to in a large team. It does not count as asleep then: the
    // region is not over.
    let mut joining = Patience::new(env.wait(), 0);
    with_local(|local| {
        local.change(|work| {
            let _ = work.env.set(env);
            let _ = work.root.set(root);
        });
    });
    run_hook("start", hooks.start.as_deref(), number);
    while with_local(|local| !local.leaving.get()).unwrap_or(false) {
        let job = line.take(&mut patience);
        let guard = AbortOnUnwind;
        // SAFETY: the primary keeps what the job points to valid for `call` until this worker has answered: the
        // contract of `post`. `call` does not unwind: each of the three jobs there are catches
        // what user code throws, or runs none.
        unsafe { (job.call)(&job, &mut joining) };
        std::mem::forget(guard);
        if line.answer() {
            // The primary may be waiting for this very processor.
            yield_now();
        }
    }
    drop(awake);
    run_hook("exit", hooks.exit.as_deref(), number);
}

/// Runs a hook: a fork in it is serial, or its workers would run hooks that fork.
fn run_hook(kind: &str, hook: Option<&(dyn Fn(usize) + Send + Sync)>, number: usize) {
    let Some(hook) = hook else { return };
    let run = || {
        with_local(|local| {
            let serial = Frame {
                active: u32::MAX,
                ..OUTSIDE
            };
            let _frame = InRegion::enter(local, serial, std::ptr::null());
            hook(number);
        })
        .unwrap_or_else(|| hook(number))
    };
    if let Err(payload) = catch_unwind(AssertUnwindSafe(run)) {
        drop_quietly(payload);
        warn(&format!(
            "the {kind} hook of thread {number} panicked; the thread goes on"
        ));
    }
}

/// The pool's name for a thread, without what no thread's name can hold; its number if the namer
/// panics.
fn name(env: &Environment, number: usize) -> String {
    let plain = || format!("phalanx-{number}");
    let Some(namer) = &env.threads.name else {
        return plain();
    };
    match catch_unwind(AssertUnwindSafe(|| namer(number))) {
        Ok(name) => name.replace('\0', ""),
        Err(payload) => {
            drop_quietly(payload);
            warn(&format!(
                "the name of thread {number} panicked; it is {}",
                plain()
            ));
            plain()
        }
    }
}

/// Ends the process if a job unwinds, which none does: its primary would wait for ever.
struct AbortOnUnwind;
impl Drop for AbortOnUnwind {
    fn drop(&mut self) {
        std::process::abort();
    }
}
