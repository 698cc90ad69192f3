//! Tasks where nobody expects them: left behind by others', waits for what waits for them.

use crate::support::{on_teams, panic_of};
use phalanx::prelude::*;
use send_wrapper::SendWrapper;

use std::sync::atomic::{AtomicBool, Ordering};

/// A thread runs somebody's task, which submits more, and then leaves the region: what the task submitted is not lost.
#[test]
fn children_of_a_task_that_was_run_in_passing() {
    on_teams(|threads| {
        for _ in 0..100 {
            let (done, ran) = (AtomicBool::new(false), Atomic::new(0u64));
            region(Options::new(), (), |cx, ()| {
                if cx.thread_num() == 0 {
                    taskgroup(|tg| {
                        for _ in 0..4 {
                            tg.task(|tg| {
                                for _ in 0..20 {
                                    tg.task(|_| ran.add(1));
                                }
                            });
                        }
                    });
                    done.store(true, Ordering::Relaxed);
                } else {
                    while !done.load(Ordering::Relaxed) && !phalanx::taskyield() {
                        std::hint::spin_loop();
                    }
                }
            });
            assert_eq!(ran.into_inner(), 80, "{threads} threads");
        }
    });
}

/// The same, and the thread then waits for a lock whose holder waits for those tasks.
#[test]
fn children_of_a_task_that_was_run_before_a_lock() {
    on_teams(|threads| {
        for _ in 0..100 {
            let (lock, done) = (Lock::new(0u64), AtomicBool::new(false));
            let ran = Atomic::new(0u64);
            region(Options::new(), (), |cx, ()| {
                if cx.thread_num() == 0 {
                    let mut sum = lock.lock();
                    taskgroup(|tg| {
                        for _ in 0..4 {
                            tg.task(|tg| {
                                for _ in 0..20 {
                                    tg.task(|_| ran.add(1));
                                }
                            });
                        }
                    });
                    *sum += ran.load();
                    done.store(true, Ordering::Relaxed);
                } else {
                    while !done.load(Ordering::Relaxed) && !phalanx::taskyield() {
                        std::hint::spin_loop();
                    }
                    *lock.lock() += 1;
                }
            });
            assert_eq!(lock.into_inner(), 79 + threads as u64);
        }
    });
}

/// A handle of the group gets into one of its tasks by way of a thread-local: the task would wait for itself.
#[test]
fn a_task_that_waits_for_its_own_group() {
    on_teams(|_| {
        let why = panic_of(|| {
            taskgroup(|tg| {
                // The wrapper lets it into a closure that must be `Send`; it is not used on another thread.
                let handle = SendWrapper::new(tg);
                tg.group(|inner| {
                    inner.task_with(TaskOptions::new().only_if(false), move |_| handle.wait());
                });
            });
        });
        assert!(
            why.contains("waits for the group that it belongs to"),
            "{why}"
        );
    });
}

/// A construct of the region inside of a group: the teammates come when the group is over.
#[test]
fn a_barrier_inside_of_a_group() {
    on_teams(|_| {
        let why = panic_of(|| {
            region(Options::new(), (), |cx, ()| {
                if cx.thread_num() == 0 {
                    let cx = SendWrapper::new(cx);
                    taskgroup(move |_| cx.take().barrier());
                }
            });
        });
        assert!(why.contains("inside of a group of tasks"), "{why}");
    });
}

/// A lock that is taken in a group's body, after tasks that may want it, and that is held when the body ends.
#[test]
fn a_lock_that_outlives_the_body() {
    on_teams(|_| {
        let lock = Lock::new(0);
        let why = panic_of(|| {
            taskgroup(|tg| {
                let mut guard = None;
                tg.group(|_| guard = Some(lock.lock()));
            });
        });
        assert!(why.contains("the end of a group"), "{why}");
        assert_eq!(*lock.lock(), 0);
    });
}
