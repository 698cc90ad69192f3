//! Guards that are forgotten, and what destructors do while a thread unwinds.

use crate::support::{ends_with, team, watched, works};
use phalanx::prelude::*;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::sleep;
use std::time::Duration;

#[test]
fn for_a_lock_whose_guard_was_forgotten() {
    watched(|| {
        for n in [2, 3, 8] {
            let (lock, nest) = (Lock::new(0), NestLock::new(0));
            let event = Event::<()>::new();
            ends_with(&["one"], n, || {
                region(team(n), (), |cx, ()| {
                    if cx.thread_num() == 1 {
                        std::mem::forget(lock.lock());
                        event.set(());
                        sleep(Duration::from_millis(20));
                        panic!("one");
                    }
                    event.wait();
                    if cx.thread_num() == 2 {
                        nest.with(|_| *lock.lock() += 1);
                    }
                    *lock.lock() += 1;
                });
            });
            assert!(lock.try_lock().is_none(), "it stays taken");
            assert_eq!(nest.with(|v| *v), 0);
            // A holder that waits for what never comes, and one that waits for it.
            let (lock, never) = (Lock::new(0), Event::<()>::new());
            let critical = Critical::new(0);
            ends_with(&["zero"], n, || {
                parallel_for(StaticChunk(1).num_threads(n), 0..n, |i| match i {
                    0 => panic!("zero"),
                    1 => lock.with(|_| critical.with(|_| *never.wait())),
                    i if i % 2 == 0 => critical.with(|v| *v += 1),
                    _ => lock.with(|v| *v += 1),
                });
            });
            assert!(lock.try_lock().is_some());
        }
    });
}

#[test]
fn a_forgotten_guard_ends_its_own_region_alone() {
    watched(|| {
        const FORGOTTEN: [&str; 2] = ["holds a lock (it took one at ", "unwinding.rs:"];
        for n in [1, 2, 3, 8] {
            for who in [0, n - 1] {
                ends_with(&FORGOTTEN, n, || {
                    let lock = Lock::new(0);
                    region(team(n), (), |cx, ()| {
                        if cx.thread_num() == who {
                            std::mem::forget(lock.lock());
                        }
                    });
                });
                ends_with(&FORGOTTEN, n, || {
                    let lock = Lock::new(0);
                    parallel_for(StaticChunk(1).num_threads(n), 0..n, |i| {
                        if i == who {
                            std::mem::forget(lock.lock());
                        }
                    });
                });
                ends_with(&["mine"], n, || {
                    let lock = Lock::new(0);
                    region(team(n), (), |cx, ()| {
                        if cx.thread_num() == who {
                            std::mem::forget(lock.lock());
                            panic!("mine");
                        }
                    });
                });
            }
        }
    });
}

#[test]
fn a_turn_that_is_waited_for_under_a_lock() {
    watched(|| {
        for n in [1, 2, 3, 8] {
            for forgets in [false, true] {
                let lock = Lock::new(0);
                let wanted = [
                    "the ordered part of an iteration is entered",
                    "unwinding.rs:",
                ];
                ends_with(&wanted, n, || {
                    region(team(n), (), |cx, ()| {
                        cx.for_each_ordered(StaticChunk(1), 0..9, (), (), |i, (), turn| {
                            let guard = lock.lock();
                            match forgets {
                                true => std::mem::forget(guard),
                                false => turn.take(|()| assert_eq!(i, *guard)),
                            }
                        });
                    });
                });
            }
        }
    });
}

#[test]
fn a_guard_that_is_kept_by_its_thread() {
    static LOCK: Lock<u64> = Lock::new(0);
    thread_local! {
        static KEPT: RefCell<Option<phalanx::LockGuard<'static, u64>>> = const { RefCell::new(None) };
    }
    watched(|| {
        ends_with(&["holds a lock (it took one at "], 2, || {
            parallel_for(StaticChunk(1).num_threads(2), 0..2, |i| {
                if i == 1 {
                    KEPT.set(Some(LOCK.lock()));
                }
            });
        });
        region(team(2), (), |cx, ()| {
            drop(KEPT.take());
            cx.barrier();
            *LOCK.lock() += 1;
        });
        works(2);
        assert_eq!(*LOCK.lock(), 2);
    });
}

/// Meets the others when it is dropped, and uses a lock.
struct AtEnd<'a, 'r> {
    cx: &'a mut Ctx<'r>,
    dropped: &'a Lock<usize>,
}
impl Drop for AtEnd<'_, '_> {
    fn drop(&mut self) {
        self.cx.barrier();
        *self.dropped.lock() += 1;
    }
}

#[test]
fn a_barrier_in_a_destructor() {
    watched(|| {
        for n in [2, 3, 4, 8] {
            for round in 0..20 {
                let dropped = &Lock::new(0);
                let all = || {
                    region(team(n), (), |cx, ()| {
                        for _ in 0..round % 3 {
                            AtEnd { cx, dropped };
                        }
                        let _at_end = AtEnd { cx, dropped };
                        panic!("all");
                    });
                };
                ends_with(&["all"], n, all);
                assert_eq!(*dropped.lock(), n * (round % 3 + 1));
                ends_with(&["one"], n, || {
                    region(team(n), (), |cx, ()| {
                        if cx.thread_num() == 1 {
                            panic!("one");
                        }
                        let at_end = AtEnd { cx, dropped };
                        at_end.cx.barrier();
                    });
                });
                let elsewhere = || {
                    region(team(n), (), |cx, ()| {
                        if cx.thread_num() != 1 {
                            return cx.single((), (), |(), ()| ());
                        }
                        let _at_end = AtEnd { cx, dropped };
                        panic!("one");
                    });
                };
                let ended = catch_unwind(AssertUnwindSafe(elsewhere));
                assert!(ended.is_err());
                works(n);
            }
        }
    });
}

/// A barrier in a destructor is one like any other, if all come.
#[test]
fn a_barrier_in_a_destructor_that_all_come_to() {
    watched(|| {
        for n in [1, 2, 3, 8] {
            let dropped = &Lock::new(0);
            region(team(n), (), |cx, ()| {
                for round in 0..20 {
                    let astray = cx.thread_num() == round % n;
                    let part = AssertUnwindSafe(|| {
                        let _at_end = AtEnd { cx, dropped };
                        assert!(!astray);
                    });
                    assert_eq!(catch_unwind(part).is_err(), astray);
                    cx.barrier();
                    assert_eq!(*dropped.lock(), n * (round + 1));
                    cx.barrier();
                }
            });
            assert_eq!(*dropped.lock(), 20 * n);
        }
    });
}

/// Gives something away when it is dropped.
struct Gives<'a>(&'a Handoff<u32>);
impl Drop for Gives<'_> {
    fn drop(&mut self) {
        self.0.put(1);
    }
}

#[test]
fn a_destructor_that_gives_what_nobody_takes() {
    watched(|| {
        for n in [2, 3, 8] {
            let place = Handoff::new();
            ends_with(&["zero"], n, || {
                region(team(n), (), |cx, ()| {
                    let me = cx.thread_num();
                    let _gives = (me != 0).then(|| Gives(&place));
                    assert!(me != 0, "zero");
                    cx.barrier();
                });
            });
            assert_eq!((place.try_take(), place.try_take()), (Some(1), None));
        }
    });
}
