//! Waits that would never end: for a teammate that went elsewhere, for one of an outer team.

use crate::support::{ends_with, team, watched};
use phalanx::prelude::*;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

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
