//! Programs that once hung, aborted or lost something: each stays as it was found.

use crate::support::watched;
use phalanx::Pool;
use phalanx::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A payload whose destructor panics with a smaller one.
struct Bomb(u32);
impl Drop for Bomb {
    fn drop(&mut self) {
        if self.0 > 0 && !std::thread::panicking() {
            panic_any(Bomb(self.0 - 1))
        }
    }
}

#[test]
fn hooks_and_namers_that_panic_leave_the_threads_alive() {
    watched(|| {
        let pool = Pool::builder()
            .num_threads(3)
            .on_start(|_| panic_any(Bomb(3)))
            .on_exit(|_| panic_any(Bomb(3)))
            .name(|k| {
                if k == 1 {
                    panic_any(Bomb(1))
                } else {
                    format!("a\0b{k}")
                }
            })
            .build()
            .unwrap();
        let sum = pool.install(|| parallel_reduce(Static, 0..10, ops::Add, 0, |s, i| *s += i));
        assert_eq!(sum, 45);
        drop(pool);
    });
}

#[test]
fn a_loop_in_a_hook_is_serial() {
    watched(|| {
        let threads = Arc::new(AtomicUsize::new(0));
        let count = threads.clone();
        let pool = Pool::builder()
            .num_threads(3)
            .on_start(move |_| {
                count.fetch_add(1, Ordering::SeqCst);
                parallel_for(Static, 0..3, |_| assert_eq!(phalanx::num_threads(), 1));
            })
            .on_exit(|_| parallel_for(Static, 0..3, |_| ()))
            .build_started()
            .unwrap();
        drop(pool);
        assert_eq!(threads.load(Ordering::SeqCst), 2);
    });
}

#[test]
fn a_namer_may_ask_and_fork() {
    watched(|| {
        let pool = Pool::builder()
            .num_threads(2)
            .name(|k| {
                parallel_for(Static.only_if(false), 0..1, |_| ());
                format!("{k} of {}", phalanx::max_threads())
            })
            .build_started()
            .unwrap();
        drop(pool);
    });
}

#[test]
fn a_thread_that_is_being_torn_down_works_alone() {
    struct AtExit;
    impl Drop for AtExit {
        fn drop(&mut self) {
            let pool = Pool::builder().num_threads(2).build().unwrap();
            let sum = pool.install(|| parallel_reduce(Static, 0..10, ops::Add, 0, |s, i| *s += i));
            assert_eq!(sum, 45);
        }
    }
    thread_local!(static LATE: AtExit = const { AtExit });
    watched(|| {
        for late_first in [true, false] {
            let thread = std::thread::spawn(move || {
                if late_first {
                    LATE.with(|_| ());
                }
                parallel_for(Static.num_threads(2), 0..2, |_| ());
                LATE.with(|_| ());
            });
            thread.join().unwrap();
        }
    });
}

#[test]
fn answers_are_dropped_when_combining_panics() {
    static LIVE: AtomicUsize = AtomicUsize::new(0);
    struct Fussy;
    struct Copy(u64, u64, u64, u64);
    impl Copy {
        fn new() -> Self {
            LIVE.fetch_add(1, Ordering::SeqCst);
            Copy(0, 0, 0, 0)
        }
    }
    impl Drop for Copy {
        fn drop(&mut self) {
            LIVE.fetch_sub(1, Ordering::SeqCst);
        }
    }
    impl Reduce<Fussy> for Copy {
        type Shape = ();
        fn shape(&self) {}
        fn identity(_: &()) -> Self {
            Copy::new()
        }
        fn combine(&mut self, _: Self) {
            panic!("no")
        }
    }
    for _ in 0..10 {
        let r = catch_unwind(AssertUnwindSafe(|| {
            parallel_reduce(
                Static.num_threads(4),
                0..8u64,
                Fussy,
                Copy::new(),
                |c, i| {
                    c.0 += i + c.1 + c.2 + c.3;
                },
            )
        }));
        assert!(r.is_err());
        assert_eq!(LIVE.load(Ordering::SeqCst), 0);
    }
}

#[test]
fn rows_without_columns_cost_nothing() {
    watched(|| assert_eq!(Grid2::filled(1 << 48, 0, 0u8).shape(), (1 << 48, 0)));
}

/// A child of a process with teams forks teams of its own, and is not held up by locks that other
/// threads of the parent had.
#[cfg(target_os = "linux")]
#[test]
fn a_forked_child_may_use_the_runtime() {
    watched(|| {
        let pool = Arc::new(Pool::builder().num_threads(2).build_started().unwrap());
        let done = Arc::new(AtomicUsize::new(0));
        let (p, d) = (pool.clone(), done.clone());
        let busy = std::thread::spawn(move || {
            while d.load(Ordering::Relaxed) == 0 {
                p.install(|| parallel_for(Static, 0..2, |_| ()));
            }
        });
        parallel_for(Static.num_threads(3), 0..3, |_| ());
        for _ in 0..50 {
            // SAFETY: the child calls the runtime, which is what this test is about, and `_exit`.
            let child = unsafe { libc::fork() };
            if child == 0 {
                // SAFETY: as above; the alarm turns a hang into a death by signal.
                unsafe { libc::alarm(20) };
                let sum =
                    parallel_reduce(Static.num_threads(3), 0..100, ops::Add, 0, |s, i| *s += i);
                let n =
                    pool.install(|| parallel_reduce(Static, 0..100, ops::Add, 0, |s, i| *s += i));
                // SAFETY: ends the child without running the parent's destructors.
                unsafe { libc::_exit(i32::from(sum != 4950 || n != 4950)) };
            }
            assert!(child > 0, "fork failed");
            let mut status = 0;
            // SAFETY: waits for the child just made.
            unsafe { libc::waitpid(child, &mut status, 0) };
            assert_eq!(
                status, 0,
                "the child hung (14: the alarm) or was wrong (256)"
            );
        }
        done.store(1, Ordering::Relaxed);
        busy.join().unwrap();
    });
}
