//! What the threads of a region bring together, and constructs that do not wait.

use crate::support::{TEAMS, schedules, watched};
use phalanx::prelude::*;
use phalanx::region_map;
use std::sync::atomic::{AtomicUsize, Ordering};

fn team(n: usize) -> Options {
    Options::new().num_threads(n)
}

#[test]
fn every_thread_has_the_values_of_all() {
    watched(|| {
        for n in TEAMS {
            let order = region_map(team(n), (), |cx, ()| {
                let num = cx.thread_num();
                let mut all = 0.5;
                for round in 0..20 {
                    // In order of thread number: the sum of these depends on it.
                    let mine = if num == 0 { 1e16 } else { 1.0 + round as f64 };
                    all = cx.reduce_each(ops::Add, mine);
                }
                let text = cx.gather(format!("{num};"), |all, more| all.push_str(&more));
                (num, all, text)
            });
            let mut want = 1e16;
            (1..n).for_each(|_| want += 20.0);
            let text: String = (0..n).map(|k| format!("{k};")).collect();
            let all: Vec<_> = (0..n).map(|k| (k, want, text.clone())).collect();
            assert_eq!(order, all, "{n} threads");
        }
    });
}

#[test]
fn one_thread_by_its_number() {
    watched(|| {
        for n in TEAMS {
            let mut a = vec![0usize; n];
            region(team(n), &mut a, |cx, mut a| {
                for by in 0..n + 2 {
                    cx.masked_by(by, a.whole_mut(), (), |a, ()| {
                        a[by] = 1 + phalanx::thread_num()
                    });
                }
                let name = cx.masked_by(n - 1, (), a.reading(), |(), a| format!("{a:?}"));
                assert_eq!(name, format!("{:?}", (1..=n).collect::<Vec<_>>()));
            });
            assert_eq!(a, (1..=n).collect::<Vec<_>>());
        }
    });
}

#[test]
fn constructs_that_nobody_waits_for() {
    watched(|| {
        for n in TEAMS {
            for schedule in schedules() {
                let (each, once) = (AtomicUsize::new(0), AtomicUsize::new(0));
                region(team(n), (), |cx, ()| {
                    // More than there are places for constructs without a barrier.
                    for _ in 0..20 {
                        cx.for_each_nowait(schedule, 0..37, |_| {
                            each.fetch_add(1, Ordering::Relaxed);
                        });
                        cx.single_nowait(|| {
                            once.fetch_add(1, Ordering::Relaxed);
                        });
                    }
                });
                assert_eq!(each.into_inner(), 20 * 37, "{n} threads, {schedule}");
                assert_eq!(once.into_inner(), 20, "{n} threads, {schedule}");
            }
        }
    });
}

#[test]
fn sections_of_a_scope() {
    watched(|| {
        for n in TEAMS {
            let (mut a, mut b, mut c) = (vec![0; 10], vec![0; 20], vec![0; 30]);
            region(
                team(n),
                (&mut a, &mut b, &mut c),
                |cx, (mut a, mut b, mut c)| {
                    for _ in 0..9 {
                        cx.nowait(|scope| {
                            scope
                                .sections()
                                .section(a.whole_mut(), (), |a, ()| a[3] += 1)
                                .section(b.whole_mut(), (), |b, ()| b[4] += 2)
                                .run();
                            scope.for_each(Dynamic(3), c.items_mut(), (), |c, ()| *c += 1);
                        });
                    }
                },
            );
            assert_eq!((a[3], b[4], c[29]), (9, 18, 9), "{n} threads");
        }
    });
}
