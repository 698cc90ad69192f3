//! Tasks and locks: who waits under a lock runs nothing that could want it, unless it waits for that.

use crate::support::on_teams;
use phalanx::prelude::*;
use std::sync::Mutex;

#[test]
fn isolated_waits_under_a_foreign_mutex() {
    on_teams(|_| {
        let mutex = Mutex::new(0u64);
        taskgroup(|tg| {
            for _ in 0..500 {
                tg.task(|tg| {
                    phalanx::isolate(|| {
                        let mut sum = mutex.lock().unwrap();
                        let (a, b) = tg.join(|_| 1, |tg| tg.join(|_| 2, |_| 3).1);
                        *sum += a + b;
                    });
                });
            }
        });
        assert_eq!(mutex.into_inner().unwrap(), 2000);
    });
}

#[test]
fn waits_under_our_locks_are_isolated() {
    on_teams(|_| {
        let (critical, lock) = (Critical::new(0u64), Lock::new(0u64));
        taskgroup(|tg| {
            for k in 0..500 {
                let (critical, lock) = (&critical, &lock);
                tg.task(move |tg| match k % 2 {
                    0 => critical.with(|sum| *sum += tg.join(|_| 1, |_| 2).1),
                    _ => {
                        let mut sum = lock.lock();
                        *sum += tg.join(|_| 1, |_| 0).0;
                    }
                });
            }
        });
        assert_eq!((critical.into_inner(), lock.into_inner()), (500, 250));
    });
}

/// Nothing that is submitted under a lock runs in place there, even if the ring is full.
#[test]
fn no_spawn_runs_under_a_lock() {
    on_teams(|_| {
        let (lock, done) = (Lock::new(()), Atomic::new(0));
        taskgroup(|tg| {
            for _ in 0..300 {
                tg.task(|_| done.add(1));
            }
            let held = lock.lock();
            for _ in 0..300 {
                tg.task(|_| {
                    // Would panic in the thread that holds it.
                    let _inside = lock.lock();
                    done.add(1);
                });
            }
            drop(held);
        });
        assert_eq!(done.into_inner(), 600);
    });
}

#[test]
fn a_yield_under_a_lock_runs_nothing() {
    on_teams(|threads| {
        let lock = Lock::new(());
        let done = Atomic::new(0);
        taskgroup(|tg| {
            tg.task(|_| done.add(1));
            let held = lock.lock();
            assert!(!taskyield());
            assert!(!phalanx::isolate(taskyield));
            drop(held);
            if threads == 1 {
                assert!(taskyield());
            }
        });
        assert_eq!(done.into_inner(), 1);
    });
}

threadprivate! {
    static DEPTH: u32 = 0;
}

/// A task that another one is suspended under, on the same thread, does not get at its threadprivate data.
#[test]
fn threadprivate_data_across_a_wait() {
    on_teams(|threads| {
        let refused = std::panic::catch_unwind(|| {
            taskgroup(|tg| {
                DEPTH.with_mut(|depth| {
                    *depth += 1;
                    tg.task(|_| DEPTH.set(7));
                    while !taskyield() && threads == 1 {}
                });
            });
        });
        assert!(threads > 1 || refused.is_err());
    });
}
