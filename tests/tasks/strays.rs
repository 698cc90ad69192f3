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

/// The closure of a `wait_depend` waits for what comes after it; so does one that runs in such a wait.
#[test]
fn a_wait_in_a_wait() {
    on_teams(|_| {
        let (mut x, expected) = (0, "waits for the group that it belongs to");
        let why = panic_of(|| {
            taskgroup(|tg| {
                let x = tg.dep(&mut x);
                tg.wait_depend(x.inout(), |_| tg.wait_depend(x.input(), |_| ()));
            });
        });
        assert!(why.contains(expected), "{why}");
        let why = panic_of(|| {
            taskgroup(|tg| {
                let x = tg.dep(&mut x);
                tg.wait_depend(x.inout(), |_| {
                    tg.task_depend(x.inout(), |_, x| *x += 1);
                    tg.wait();
                });
            });
        });
        assert!(why.contains(expected), "{why}");
        // What does not wait is no harm, however much it is.
        taskgroup(|tg| {
            let x = tg.dep(&mut x);
            tg.wait_depend(x.inout(), |_| {
                for _ in 0..10_000 {
                    tg.task_depend(x.inout(), |_, x| *x += 1);
                }
            });
        });
        assert_eq!(x % 10_000, 0);
    });
}

/// The same by way of a join's second closure, if it runs in the first one's wait.
#[test]
fn a_wait_in_a_join() {
    on_teams(|_| {
        let mut x = 0;
        let run = || {
            taskgroup(|tg| {
                let x = tg.dep(&mut x);
                tg.task_depend(x.inout(), |_, v| *v += 1);
                let smuggled = SendWrapper::new((tg, x));
                tg.join(
                    |_| tg.wait_depend(x.inout(), |v| *v += 1),
                    move |_| match smuggled.valid() {
                        true => smuggled.0.wait_depend(smuggled.1.inout(), |v| *v += 1),
                        false => std::mem::forget(smuggled),
                    },
                );
            });
        };
        // It ends, with an answer or with a panic.
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
        if let Err(payload) = ended {
            let why = payload.downcast_ref::<&str>().expect("a text");
            assert!(
                why.contains("waits for the group that it belongs to"),
                "{why}"
            );
        }
    });
}

/// The first closure of a join returns a guard, and the second one wants the lock on another thread.
#[test]
fn a_guard_as_an_answer() {
    on_teams(|threads| {
        if threads == 1 {
            return;
        }
        let (lock, begun) = (Lock::new(0), AtomicBool::new(false));
        let why = panic_of(|| {
            taskgroup(|tg| {
                let _ = tg.join(
                    |_| {
                        let guard = lock.lock();
                        while !begun.load(Ordering::Acquire) {
                            std::thread::yield_now();
                        }
                        guard
                    },
                    |_| {
                        begun.store(true, Ordering::Release);
                        *lock.lock() += 1;
                    },
                );
            });
        });
        assert!(why.contains("ends with a lock held"), "{why}");
        assert_eq!(lock.into_inner(), 1);
    });
}
