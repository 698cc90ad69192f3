//! Tasks in regions and loops: from `single`, sections, worksharing loops, each thread, nested regions.

use crate::support::{on_teams, panic_of};
use phalanx::prelude::*;
use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

fn fib(tg: &Task<'_>, n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    let (a, b) = tg.join(|tg| fib(tg, n - 1), |tg| fib(tg, n - 2));
    a + b
}

fn team(threads: usize) -> Options {
    Options::new().num_threads(threads)
}

#[test]
fn from_single() {
    on_teams(|threads| {
        for _ in 0..20 {
            region(team(threads), (), |cx, ()| {
                let sum = cx.single((), (), |(), ()| taskgroup(|tg| fib(tg, 15)));
                assert_eq!(sum, 610);
                cx.barrier();
            });
        }
    });
}

#[test]
fn from_every_thread() {
    on_teams(|threads| {
        let total = Atomic::new(0);
        region(team(threads), (), |cx, ()| {
            for _ in 0..10 {
                total.add(taskgroup(|tg| fib(tg, 10)));
                cx.barrier();
                total.add(taskgroup(|tg| fib(tg, 3)));
            }
        });
        assert_eq!(total.into_inner(), threads as u64 * 10 * (55 + 2));
    });
}

#[test]
fn from_loops() {
    on_teams(|threads| {
        let mut v = vec![0; 300];
        parallel_for(Dynamic(1).num_threads(threads), &mut v, |x| {
            taskgroup(|tg| {
                *x += 1;
                tg.wait();
                *x += fib(tg, 5);
            });
        });
        assert!(v.iter().all(|&x| x == 6));
        region(team(threads), &mut v, |cx, v| {
            cx.for_each(Static, 0..10u64, (), |i, ()| {
                assert_eq!(
                    taskgroup(|tg| fib(tg, i)),
                    [0, 1, 1, 2, 3, 5, 8, 13, 21, 34][i as usize]
                );
            });
            let mut v = v;
            cx.for_each(Dynamic(3), v.items_mut(), (), |x, ()| {
                taskgroup(|tg| tg.task(|_| *x += 1));
            });
        });
        assert!(v.iter().all(|&x| x == 7));
    });
}

/// Tasks that take a while, until all threads have had one. (There are so many that all would have had some if they
/// took turns; the watchdog tells if one never comes.)
fn busy(threads: usize, who: &Lock<HashSet<usize>>) {
    taskgroup(|tg| {
        for _ in 0..10_000 {
            tg.task(|tg| {
                let here = {
                    let mut who = who.lock();
                    who.insert(phalanx::thread_num());
                    who.len()
                };
                match here < threads {
                    true => std::thread::sleep(Duration::from_millis(1)),
                    false => tg.cancel(),
                }
            });
        }
    });
}

/// Two long pieces of work, the second submitted and the first in the body, run at the same time: who submits does not
/// have to look up for others to take what it has.
#[test]
fn long_bodies_do_not_keep_their_tasks() {
    on_teams(|threads| {
        for _ in 0..20 {
            let (here, there) = (Event::new(), Event::new());
            if threads > 1 {
                let meet = |mine: &Event, other: &Event| {
                    mine.set(());
                    other.wait();
                };
                phalanx::join(|| meet(&here, &there), || meet(&there, &here));
            }
        }
    });
}

/// A thread that waits at a barrier, asleep by then, takes part in what begins later.
#[test]
fn waiting_threads_help() {
    on_teams(|threads| {
        let who = Lock::new(HashSet::new());
        region(team(threads), (), |cx, ()| {
            cx.single((), (), |(), ()| {
                std::thread::sleep(Duration::from_millis(50));
                busy(threads, &who);
            });
        });
        assert_eq!(who.into_inner().len(), threads);
    });
}

/// The same outside of regions, where the others have slept between two groups.
#[test]
fn sleeping_threads_are_woken() {
    on_teams(|threads| {
        for pause in [0, 30, 0] {
            let who = Lock::new(HashSet::new());
            std::thread::sleep(Duration::from_millis(pause));
            busy(threads, &who);
            assert_eq!(who.into_inner().len(), threads);
        }
    });
}

#[test]
fn tasks_fork_regions() {
    on_teams(|_| {
        let total = Atomic::new(0);
        taskgroup(|tg| {
            for _ in 0..20 {
                tg.task(|_| {
                    region(Options::new().num_threads(2), (), |cx, ()| {
                        cx.for_each(Static, 0..10u64, (), |i, ()| total.add(i));
                        total.add(cx.single((), (), |(), ()| taskgroup(|tg| fib(tg, 5))) / 5);
                        cx.barrier();
                    });
                });
            }
        });
        let total = total.into_inner();
        // One or two threads each, as the settings allow nested regions or not.
        assert!((20 * 46..=20 * 47).contains(&total), "{total}");
    });
}

#[test]
fn a_panic_in_a_task_is_the_groups() {
    on_teams(|threads| {
        region(team(threads), (), |cx, ()| {
            for _ in 0..10 {
                cx.single((), (), |(), ()| {
                    let why = panic_of(|| {
                        taskgroup(|tg| {
                            for k in 0..100 {
                                tg.task(move |_| assert!(k != 50, "fifty"));
                            }
                        })
                    });
                    assert_eq!(why, "fifty");
                });
                cx.barrier();
            }
        });
    });
}

#[test]
fn a_panic_elsewhere_ends_the_region() {
    on_teams(|threads| {
        let why = panic_of(|| {
            region(team(threads), (), |cx, ()| {
                if cx.thread_num() + 1 == cx.num_threads() {
                    panic!("the last one");
                }
                taskgroup(|tg| assert_eq!(fib(tg, 12), 144));
                cx.barrier();
            })
        });
        assert_eq!(why, "the last one");
        assert_eq!(taskgroup(|tg| fib(tg, 12)), 144);
    });
}

/// As many tasks as threads, that all wait for each other: they end if each thread runs one.
fn all_at_once(threads: usize) {
    let begun = AtomicUsize::new(0);
    let meet = || {
        begun.fetch_add(1, Ordering::Relaxed);
        while begun.load(Ordering::Relaxed) < threads {
            std::thread::yield_now();
        }
    };
    taskgroup(|tg| (0..threads).for_each(|_| tg.task(|_| meet())));
}

/// A few long tasks are not kept by the thread that submits them.
#[test]
fn few_tasks_are_spread() {
    on_teams(|threads| {
        for _ in 0..50 {
            all_at_once(threads);
            // Many short ones before.
            taskgroup(|tg| (0..1000).for_each(|_| tg.task(|_| ())));
        }
    });
}

/// The body of a group works for long, while the others do its tasks.
#[test]
fn tasks_of_a_long_body() {
    on_teams(|threads| {
        let ended = AtomicUsize::new(0);
        taskgroup(|tg| {
            for _ in 0..40 {
                tg.task(|_| {
                    ended.fetch_add(1, Ordering::Relaxed);
                });
            }
            while threads > 1 && ended.load(Ordering::Relaxed) < 40 {
                std::thread::yield_now();
            }
        });
    });
}

/// Threads that have come to the end of the region help with what another one opens there, in the first region of a
/// team and in later ones.
#[test]
fn the_end_of_a_region_helps() {
    on_teams(|threads| {
        if threads == 1 {
            return;
        }
        for _ in 0..50 {
            region(team(threads), (), |cx, ()| {
                if cx.thread_num() == threads - 1 {
                    std::thread::sleep(Duration::from_micros(300));
                    all_at_once(threads);
                }
            });
        }
    });
}

/// Threads that have done their part of a loop help with what is open then.
#[test]
fn the_end_of_a_loop_helps() {
    on_teams(|threads| {
        if threads == 1 {
            return;
        }
        let opened = AtomicUsize::new(0);
        parallel_for(Static, 0..threads, |i| match i {
            1 => {
                taskgroup(|tg| {
                    tg.task(|_| ());
                    opened.store(1, Ordering::Release);
                    tg.group(|_| all_at_once(threads));
                });
            }
            _ => {
                while opened.load(Ordering::Acquire) == 0 {
                    std::thread::yield_now();
                }
            }
        });
    });
}
