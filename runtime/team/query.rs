//! What a program may ask and set: OpenMP's runtime library routines.

use super::nesting::with_local;
use crate::schedule::Schedule;
use std::sync::OnceLock;
use std::time::Instant;

/// Number of the calling thread in its team; 0 outside of all regions (`omp_get_thread_num`).
pub fn thread_num() -> usize {
    with_local(|l| l.frame.get().num as usize).unwrap_or(0)
}

/// Threads in the innermost region's team; 1 outside of all regions (`omp_get_num_threads`).
pub fn num_threads() -> usize {
    with_local(|l| l.frame.get().size as usize).unwrap_or(1)
}

/// Threads that a region entered here would ask for (`omp_get_max_threads`).
pub fn max_threads() -> usize {
    with_local(|l| {
        let level = l.frame.get().level as usize;
        let work = l.work.borrow();
        work.num_threads
            .unwrap_or_else(|| work.env().threads_at(level))
    })
    .unwrap_or(1)
}

/// Sets the team size of regions that the calling thread forks later and that have no
/// `num_threads` of their own (`omp_set_num_threads`).
///
/// # Panics
///
/// When `n` is 0: a team has at least one thread.
#[track_caller]
pub fn set_num_threads(n: usize) {
    assert!(n > 0, "set_num_threads(0): a team has at least one thread");
    with_local(|l| l.change(|work| work.num_threads = Some(n)));
}

/// The schedule that `Runtime` stands for on this thread (`omp_get_schedule`).
pub fn schedule() -> Schedule {
    super::nesting::run_schedule()
}

/// Sets it for the calling thread (`omp_set_schedule`).
///
/// # Panics
///
/// When the chunk is 0, or the schedule is `Runtime` itself.
#[track_caller]
pub fn set_schedule(schedule: Schedule) {
    assert!(
        schedule.chunk() != Some(0),
        "set_schedule({schedule}): a chunk is at least 1"
    );
    assert!(
        schedule != Schedule::Runtime,
        "set_schedule(runtime): runtime stands for what is set"
    );
    with_local(|l| l.change(|work| work.schedule = Some(schedule)));
}

/// Whether the calling thread is in a region of more than one thread (`omp_in_parallel`).
pub fn in_parallel() -> bool {
    active_level() > 0
}

/// Enclosing regions (`omp_get_level`).
pub fn level() -> usize {
    with_local(|l| l.frame.get().level as usize).unwrap_or(0)
}

/// Enclosing regions with more than one thread (`omp_get_active_level`).
pub fn active_level() -> usize {
    with_local(|l| l.frame.get().active as usize).unwrap_or(0)
}

/// Hardware threads that this process may use (`omp_get_num_procs`).
pub fn num_procs() -> usize {
    crate::topology::topology().num_procs()
}

/// The most threads that the calling thread and its descendants may have (`omp_get_thread_limit`).
pub fn thread_limit() -> usize {
    with_local(|l| l.work.borrow().env().thread_limit()).unwrap_or(1)
}

/// The greatest priority of a task that counts (`omp_get_max_task_priority`): what `OMP_MAX_TASK_PRIORITY` says, else 0.
pub fn max_task_priority() -> i32 {
    with_local(|l| l.work.borrow().env().settings().max_task_priority).unwrap_or(0)
}

/// Number of places (`omp_get_num_places`).
pub fn num_places() -> usize {
    with_local(|l| l.work.borrow().env().places().len()).unwrap_or(0)
}

/// The place that the calling thread is bound to; `None`: not bound (`omp_get_place_num`).
pub fn place_num() -> Option<usize> {
    with_local(|l| l.work.borrow().place).flatten()
}

/// The processors of the place that the calling thread is bound to, as in `0-3,8`.
pub fn place_cpus() -> Option<String> {
    with_local(|l| {
        let work = l.work.borrow();
        work.place
            .map(|p| work.env().places()[p].cpus().to_string())
    })
    .flatten()
}

/// Ends the threads that the calling thread keeps for its next fork, and gives it back the
/// processors that it could use before its first one (`omp_pause_resource_all`).
///
/// The threads of a team are bound to places. The thread that forks is bound only where binding was
/// asked for (`OMP_PROC_BIND`, `OMP_PLACES`, a `proc_bind` clause, a pool's): threads and processes
/// that it starts by other means inherit its processors, so call this before you start such ones.
///
/// # Panics
///
/// Inside a region: its team is in use.
#[track_caller]
pub fn pause_resources() {
    with_local(|l| {
        assert!(
            l.frame.get().level == 0,
            "pause_resources(): not inside a parallel region"
        );
        drop(l.hot.take());
        l.change(|work| work.release());
    });
}

fn epoch() -> &'static Instant {
    static EPOCH: OnceLock<Instant> = OnceLock::new();
    EPOCH.get_or_init(Instant::now)
}

/// Seconds since some moment in the past, the same for all threads (`omp_get_wtime`).
pub fn wtime() -> f64 {
    let epoch = *epoch();
    epoch.elapsed().as_secs_f64()
}

/// The smallest step of [`wtime`] that was seen, in seconds (`omp_get_wtick`).
pub fn wtick() -> f64 {
    static TICK: OnceLock<f64> = OnceLock::new();
    *TICK.get_or_init(|| {
        let step = || {
            let start = Instant::now();
            loop {
                let d = start.elapsed();
                if !d.is_zero() {
                    return d.as_secs_f64();
                }
            }
        };
        (0..64).map(|_| step()).fold(f64::MAX, f64::min)
    })
}
