//! Waits that would never end: for a teammate that went elsewhere, for one of an outer team, for a lock whose
//! guard was forgotten, in a destructor.

use crate::support::watched;
use phalanx::prelude::*;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::Duration;

fn team(n: usize) -> Options {
    Options::new().num_threads(n)
}

/// A team that works.
fn works(n: usize) {
    let ran = AtomicUsize::new(0);
    region(team(n), (), |cx, ()| {
        cx.for_each(Dynamic(1), 0..20, (), |_, ()| {
            ran.fetch_add(1, Ordering::Relaxed);
        });
        cx.barrier();
    });
    parallel_for(Static.num_threads(n), 0..20, |_| {
        ran.fetch_add(1, Ordering::Relaxed);
    });
    assert_eq!(ran.into_inner(), 40);
}

/// Runs what must panic with a message that contains all of that; the team works afterwards.
fn ends_with(wanted: &[&str], n: usize, test: impl FnOnce()) {
    let payload = catch_unwind(AssertUnwindSafe(test)).expect_err("it must panic");
    let text = payload
        .downcast_ref::<String>()
        .cloned()
        .or(payload.downcast_ref::<&str>().map(|s| s.to_string()))
        .expect("a message");
    let all = wanted.iter().all(|w| text.contains(w));
    assert!(all, "{n} threads: {text}");
    works(n);
}

/// Runs a test in a process of its own, where teams in teams have several threads.
fn nested(name: &str, test: impl FnOnce() + Send + 'static) {
    const CHILD: &str = "PHALANX_TEST_WAITS_CHILD";
    if std::env::var_os(CHILD).is_some() {
        return watched(test);
    }
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .env(CHILD, "1")
        .env("OMP_MAX_ACTIVE_LEVELS", "4")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&run.stdout).into_owned();
    let error = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(
        run.status.success() && text.contains("1 passed"),
        "{text}{error}"
    );
}

const DIFFERENT: &str = "the threads of a team meet in different constructs";
const LOOP: &str = "a worksharing loop at";

/// Thread 0 waits in a loop that the others leave out in the last round.
fn skip(n: usize, others: impl Fn(&mut Ctx) + Sync) {
    let place = Handoff::new();
    region(team(n), (), |cx, ()| {
        for round in 0..4 {
            let last = round == 3;
            if !last || cx.thread_num() == 0 {
                cx.for_each(Static, 0..n, (), |i, ()| {
                    if last && i == 0 {
                        place.take()
                    }
                });
            }
            others(cx);
        }
        if cx.thread_num() == 1 {
            place.put(());
        }
    });
}

#[test]
fn in_a_loop_for_a_teammate_that_left_it_out() {
    watched(|| {
        for n in [2, 3, 4, 8] {
            ends_with(&[DIFFERENT, LOOP, "a barrier at", "waits.rs:"], n, || {
                skip(n, |cx| cx.barrier());
            });
            ends_with(&[DIFFERENT, LOOP, "single at"], n, || {
                skip(n, |cx| cx.single((), (), |(), ()| ()));
            });
            ends_with(&[DIFFERENT, LOOP, "an ordered loop at"], n, || {
                skip(n, |cx| {
                    cx.for_each_ordered(StaticChunk(1), 0..n, (), (), |_, (), turn| {
                        turn.take(|()| ())
                    });
                });
            });
            let event = Event::new();
            ends_with(&[DIFFERENT, LOOP, "the end of the region at"], n, || {
                region(team(n), (), |cx, ()| {
                    if cx.thread_num() == 0 {
                        cx.for_each(Static, 0..n, (), |_, ()| *event.wait());
                    }
                });
            });
        }
    });
}

#[test]
fn in_a_sum_for_a_teammate_that_left_it_out() {
    watched(|| {
        for n in [2, 3] {
            let place = Handoff::new();
            ends_with(&[DIFFERENT, LOOP, "a barrier at"], n, || {
                region(team(n), (), |cx, ()| {
                    for round in 0..4 {
                        if round < 3 || cx.thread_num() == 0 {
                            cx.reduce(Static, 0..n, (), ops::Add, 0, |sum, i, ()| {
                                *sum += if round == 3 && i == 0 {
                                    place.take()
                                } else {
                                    i
                                };
                            });
                        }
                        cx.barrier();
                    }
                    if cx.thread_num() == 1 {
                        place.put(1);
                    }
                });
            });
        }
    });
}

/// One place, several lengths and schedules, all of which the team remembers.
#[test]
fn in_a_loop_of_another_length() {
    watched(|| {
        for n in [2, 3, 8] {
            for (schedule, text) in [(Static, "length"), (StaticChunk(1), "schedule")] {
                let event = Event::new();
                ends_with(&[DIFFERENT, text], n, || {
                    region(team(n), (), |cx, ()| {
                        for round in 0..7 {
                            let other = match round {
                                6 => cx.thread_num() != 0,
                                _ => round % 2 == 1,
                            };
                            let (schedule, len) = match other {
                                true => (schedule, n + 1),
                                false => (Static, n),
                            };
                            cx.for_each(schedule, 0..len, (), |i, ()| {
                                if round == 6 && i == 0 {
                                    event.wait()
                                } else {
                                    &()
                                };
                            });
                        }
                        event.set(());
                    });
                });
            }
        }
    });
}

/// Threads that come late, but come.
#[test]
fn long_waits_for_what_comes() {
    watched(|| {
        for n in [2, 3, 8] {
            for _ in 0..2 {
                let events: [Event; 5] = Default::default();
                let lock = Lock::new(0);
                let late = |k: usize| {
                    sleep(Duration::from_millis(60));
                    events[k].set(());
                };
                let mut a = vec![0; 64];
                region(team(n), &mut a, |cx, mut a| {
                    let me = cx.thread_num();
                    let wait = |k: usize| match me {
                        1 => late(k),
                        _ => *events[k].wait(),
                    };
                    for k in 0..2 {
                        cx.barrier();
                        cx.for_each(Static, 0..n, (), |_, ()| wait(k));
                    }
                    // Behind a construct, while others are in the next one already.
                    match me {
                        0 => *events[2].wait(),
                        1 => late(2),
                        _ => {}
                    }
                    cx.single((), (), |(), ()| ());
                    cx.for_each(Dynamic(1), a.items_mut(), (), |x, ()| *x += 1);
                    cx.nowait(|scope| {
                        let me = scope.thread_num();
                        for k in 0..6 {
                            scope.for_each(Dynamic(1), 0..9, (), |_, ()| ());
                            match me {
                                0 if k == 0 => *events[3].wait(),
                                1 if k == 5 => late(3),
                                _ => {}
                            }
                        }
                    });
                    cx.for_each_ordered(StaticChunk(1), 0..n, (), (), |i, (), turn| {
                        lock.with(|l| *l += sleep_and_be(1));
                        turn.take(|()| {
                            if i == 0 {
                                late(4)
                            }
                        });
                    });
                });
                assert_eq!((lock.into_inner(), a), (n, vec![1; 64]));
                parallel_for(StaticChunk(1).num_threads(n), 0..n, |_| *events[4].wait());
            }
        }
    });
}

fn sleep_and_be(n: usize) -> usize {
    sleep(Duration::from_millis(5));
    n
}

#[test]
fn in_a_team_for_a_thread_of_an_outer_one() {
    nested("waits::in_a_team_for_a_thread_of_an_outer_one", || {
        for n in [2, 3] {
            for depth in [1, 2] {
                for as_loop in [false, true] {
                    let event = Event::<()>::new();
                    ends_with(&["outer thread 1"], n, || {
                        region(team(n), (), |cx, ()| {
                            if cx.thread_num() == 1 {
                                sleep(Duration::from_millis(20));
                                panic!("outer thread 1");
                            }
                            inner(depth, as_loop, &event);
                        });
                    });
                    ends_with(&["outer iteration 1"], n, || {
                        parallel_for(StaticChunk(1).num_threads(n), 0..n, |i| match i {
                            1 => panic!("outer iteration 1"),
                            _ => inner(depth, as_loop, &event),
                        });
                    });
                }
            }
        }
    });
}

/// Teams in teams: a worker waits, the others meet.
fn inner(depth: usize, as_loop: bool, event: &Event) {
    if as_loop {
        parallel_for(StaticChunk(1).num_threads(2), 0..2, |i| match i {
            1 if depth == 1 => *event.wait(),
            1 => inner(depth - 1, as_loop, event),
            _ => assert_eq!(phalanx::num_threads(), 2),
        });
        return;
    }
    region(team(2), (), |cx, ()| {
        assert_eq!(cx.num_threads(), 2);
        match cx.thread_num() {
            1 if depth == 1 => *event.wait(),
            1 => inner(depth - 1, as_loop, event),
            _ => {}
        }
        cx.barrier();
    });
}

#[test]
fn in_a_team_when_outer_threads_go_astray() {
    nested("waits::in_a_team_when_outer_threads_go_astray", || {
        for n in [2, 3] {
            for schedule in [Static, Dynamic(1)] {
                let event = Event::<()>::new();
                ends_with(&[DIFFERENT, LOOP, "a barrier at"], n, || {
                    region(team(n), (), |cx, ()| {
                        for round in 0..4 {
                            let last = round == 3;
                            if !last || cx.thread_num() == 0 {
                                cx.for_each(schedule, 0..n, (), |_, ()| {
                                    if last {
                                        inner(1, round % 2 == 0, &event)
                                    }
                                });
                            }
                            cx.barrier();
                        }
                    });
                });
            }
        }
    });
}

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
        const FORGOTTEN: [&str; 2] = ["holds a lock (it took one at ", "waits.rs:"];
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
