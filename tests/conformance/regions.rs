//! Regions: their constructs against sequential twins, on every team size and schedule.

use crate::support::{TEAMS, schedules, watched};
use phalanx::prelude::*;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

fn team(n: usize) -> Options {
    Options::new().num_threads(n)
}

#[test]
fn double_buffers_change_roles_inside_a_region() {
    watched(|| {
        for n in TEAMS {
            for schedule in schedules() {
                let (mut a, mut b) = (vec![0.0; 100], vec![0.0; 100]);
                a[50] = 1.0;
                let (mut c, mut d) = (a.clone(), b.clone());
                let next = |a: &[f64], i: usize| 0.5 * a[(i + 99) % 100] + 0.5 * a[(i + 1) % 100];
                region(team(n), (&mut a, &mut b), |cx, (mut a, mut b)| {
                    for _ in 0..7 {
                        let source = (0..100, b.items_mut());
                        cx.for_each(schedule, source, a.reading(), |(i, b), a| *b = next(a, i));
                        std::mem::swap(&mut a, &mut b);
                    }
                });
                for _ in 0..7 {
                    (0..100).for_each(|i| d[i] = next(&c, i));
                    std::mem::swap(&mut c, &mut d);
                }
                // An odd number of steps: what the views called `a` at the end is `b` out here.
                assert_eq!((b, a), (c, d), "{n} threads, {schedule}");
            }
        }
    });
}

#[test]
fn reductions_reach_every_thread() {
    watched(|| {
        for n in TEAMS {
            for schedule in schedules() {
                let x: Vec<u64> = (0..1000).collect();
                let seen = Mutex::new(Vec::new());
                region(team(n), (), |cx, ()| {
                    let sum = cx.reduce(schedule, 0..1000, (), ops::Add, 7, |s, i: usize, ()| {
                        *s += x[i]
                    });
                    // Values that need dropping, and that do not fit a line.
                    let bins = cx.reduce(
                        schedule,
                        0..1000,
                        (),
                        ops::Add,
                        vec![1u64; 40],
                        |b, i: usize, ()| {
                            b[i % 40] += 1;
                        },
                    );
                    let wide = cx.reduce(
                        schedule,
                        0..1000,
                        (),
                        ops::Max,
                        [0u64; 40],
                        |m, i: usize, ()| {
                            m[i % 40] = m[i % 40].max(i as u64);
                        },
                    );
                    seen.lock().unwrap().push((sum, bins, wide));
                });
                let seen = seen.into_inner().unwrap();
                assert_eq!(seen.len(), n);
                for (sum, bins, wide) in seen {
                    assert_eq!(sum, 499_507);
                    assert_eq!(bins, vec![26; 40]);
                    assert_eq!(wide[39], 999);
                }
            }
        }
    });
}

#[test]
fn a_reduction_starts_from_thread_0s_value() {
    for n in TEAMS {
        region(team(n), (), |cx, ()| {
            let mine = 100 * (cx.thread_num() as u64 + 1);
            let sum = cx.reduce(Static, 0..10u64, (), ops::Add, mine, |s, i, ()| *s += i);
            assert_eq!(sum, 145);
        });
    }
}

#[test]
fn single_is_run_once_and_its_value_reaches_all() {
    watched(|| {
        for n in TEAMS {
            let runs = AtomicUsize::new(0);
            let mut a = vec![1u64; 10];
            region(team(n), &mut a, |cx, mut a| {
                for round in 0..50u64 {
                    let text: String = cx.single(a.whole_mut(), (), |a, ()| {
                        runs.fetch_add(1, Ordering::Relaxed);
                        a.iter_mut().for_each(|x| *x += 1);
                        format!("round {round}")
                    });
                    assert_eq!(text, format!("round {round}"));
                    let first = cx.masked((), a.reading(), |(), a| (thread_num(), a[9]));
                    assert_eq!(first, (0, round + 2));
                    cx.single((), (), |(), ()| ());
                }
            });
            assert_eq!((runs.into_inner(), a[0]), (50, 51));
        }
    });
}
use phalanx::thread_num;

#[test]
fn sections_run_once_each() {
    watched(|| {
        for n in TEAMS {
            let (mut a, mut b, mut c) = (vec![0; 5], 0u64, Grid2::filled(3, 4, 0));
            let shared_data = (&mut a, shared(&mut b), &mut c);
            region(team(n), shared_data, |cx, (mut a, mut b, mut c)| {
                let mut mine = 0;
                for _ in 0..30 {
                    cx.sections()
                        .section(a.whole_mut(), (), |a, ()| a[4] += 1)
                        .section(b.whole_mut(), (), |b, ()| *b += 2)
                        .section(c.whole_mut(), (), |mut c, ()| c[2][3] += 3)
                        .run();
                    cx.sections()
                        .section((), (), |(), ()| mine += 1)
                        .section((), a.reading(), |(), a| assert!(a[4] > 0))
                        .run();
                }
                let all = cx.reduce(Static, 0..cx.num_threads(), (), ops::Add, 0, |s, _, ()| {
                    *s += mine
                });
                let _ = all;
            });
            assert_eq!((a[4], b, c[2][3]), (30, 60, 90));
        }
    });
}

#[test]
fn ordered_parts_run_in_order() {
    watched(|| {
        for n in TEAMS {
            for schedule in schedules() {
                let mut log = Vec::new();
                region(team(n), shared(&mut log), |cx, mut log| {
                    cx.for_each_ordered(schedule, 0..60, (), log.whole_mut(), |i, (), turn| {
                        // Every third iteration has no ordered part.
                        if i % 3 != 1 {
                            turn.take(|log| log.push(i));
                        }
                    });
                });
                let wanted: Vec<i32> = (0..60).filter(|i| i % 3 != 1).collect();
                assert_eq!(log, wanted, "{n} threads, {schedule}");
            }
        }
    });
}

#[test]
fn nowait_loops_may_be_many() {
    watched(|| {
        for n in TEAMS {
            let (mut a, mut b) = (vec![0u64; 40], vec![0u64; 40]);
            region(team(n), (&mut a, &mut b), |cx, (mut a, mut b)| {
                let mut mine = 0;
                cx.nowait(|scope| {
                    // More than there are slots.
                    for _ in 0..50 {
                        scope.for_each(Dynamic(1), 0..9, (), |_, ()| mine += 1);
                    }
                    scope.for_each(Static, a.items_mut(), (), |x, ()| *x += 1);
                    scope.single(b.whole_mut(), (), |b, ()| b[39] = 5);
                });
                let all = cx.reduce(Static, 0..cx.num_threads(), (), ops::Add, 0, |_, _, ()| ());
                assert_eq!(all, 0);
                let seen = cx.each((a.reading(), b.reading()), |(a, b)| a[0] + b[39]);
                assert_eq!(seen, 6);
            });
            assert_eq!(a.iter().sum::<u64>(), 40);
        }
    });
}

#[test]
fn rows_cells_tiles_and_parts_are_shared_out() {
    watched(|| {
        for n in TEAMS {
            for schedule in schedules() {
                let mut g = Grid2::filled(7, 5, 0u64);
                let mut h = Grid3::filled([3, 4, 5], 0u64);
                let mut v = vec![0u64; 23];
                region(
                    team(n),
                    (&mut g, &mut h, &mut v),
                    |cx, (mut g, mut h, mut v)| {
                        cx.for_each(schedule, g.rows_mut().enumerate(), (), |(i, row), ()| {
                            row.fill(i as u64)
                        });
                        cx.for_each(schedule, g.cells_mut(), (), |((i, j), x), ()| {
                            *x += 10 * (i + j) as u64
                        });
                        cx.for_each(schedule, g.tiles_mut(2, 3), (), |mut t, ()| t[0][0] += 1000);
                        cx.for_each(schedule, h.rows_mut(), (), |row, ()| row[0] = 1);
                        cx.for_each(schedule, h.cells_mut(), (), |((i, j, k), x), ()| {
                            *x += (100 * i + 10 * j + k) as u64
                        });
                        cx.for_each(schedule, h.tiles_mut([2, 2, 2]), (), |mut t, ()| {
                            t[[0, 0]][0] += 1000
                        });
                        cx.for_each(schedule, v.chunks_mut(4).enumerate(), (), |(k, c), ()| {
                            c.fill(k as u64)
                        });
                        let middle = cx.single((), v.reading(), |(), v| v[8] as usize * 5);
                        let (mut low, high) = v.split_at_mut(middle);
                        let source = (0..middle, low.items_mut());
                        cx.for_each(schedule, source, high.reading(), |(i, x), high| {
                            *x += high[i]
                        });
                        cx.for_each(schedule, v.slice_mut(20..).items_mut(), (), |x, ()| *x = 99);
                    },
                );
                assert_eq!((g[6][4], g[0][0], g[2][3]), (106, 1000, 1052));
                assert_eq!((h[[2, 3, 4]], h[[0, 0, 0]], h[[1, 1, 1]]), (234, 1001, 111));
                assert_eq!((v[0], v[9], v[19], v[20], v[22]), (2, 6, 4, 99, 99));
            }
        }
    });
}

/// An orphaned construct.
fn scale(cx: &mut Ctx, a: &mut View<f64>, by: f64) {
    cx.for_each(Static, a.items_mut(), (), |x, ()| *x *= by);
}

#[test]
fn orphaned_constructs_and_nested_regions() {
    watched(|| {
        for n in TEAMS {
            let mut a = vec![1.0; 33];
            let inner = AtomicUsize::new(0);
            region(team(n), &mut a, |cx, mut a| {
                scale(cx, &mut a, 2.0);
                scale(cx, &mut a, 3.0);
                // Each thread's own region, inside this one.
                region(team(2), (), |cx, ()| {
                    cx.barrier();
                    cx.single((), (), |(), ()| inner.fetch_add(1, Ordering::Relaxed));
                });
                cx.barrier();
                assert_eq!(inner.load(Ordering::Relaxed), cx.num_threads());
            });
            assert_eq!(a, vec![6.0; 33]);
        }
    });
}

#[test]
fn the_schedule_of_the_environment_is_found_once_for_the_team() {
    watched(|| {
        let ran = AtomicUsize::new(0);
        region(team(4), (), |cx, ()| {
            if cx.thread_num() == 2 {
                phalanx::set_schedule(Dynamic(3));
            }
            cx.barrier();
            cx.for_each(Runtime, 0..100, (), |_, ()| {
                ran.fetch_add(1, Ordering::Relaxed);
            });
        });
        assert_eq!(ran.into_inner(), 100);
    });
}

#[test]
fn a_team_is_used_by_regions_and_loops_in_turn() {
    watched(|| {
        for n in [2, 3, 8] {
            let mut a = vec![0u64; 64];
            for _ in 0..200 {
                region(team(n), &mut a, |cx, mut a| {
                    cx.for_each(Dynamic(1), a.items_mut(), (), |x, ()| *x += 1);
                    cx.barrier();
                });
                parallel_for(Dynamic(1).num_threads(n), &mut a, |x| *x += 1);
            }
            assert_eq!(a, vec![400; 64]);
        }
    });
}

/// More constructs than a team remembers, known ones among new ones, with and without barriers.
#[test]
fn a_long_row_of_different_constructs() {
    watched(|| {
        for n in [1, 2, 3, 4, 8, 33] {
            let (mut a, mut b) = (vec![0u64; 64], vec![0u64; 64]);
            let ran = AtomicUsize::new(0);
            let rounds = match n {
                1 | 2 => 8,
                33 => 1,
                _ => 3,
            };
            region(team(n), (&mut a, &mut b), |cx, (mut a, mut b)| {
                for round in 0..rounds {
                    for k in 1..40 {
                        let len = (k * 7 + round) % 64;
                        let count = |_: usize, ()| _ = ran.fetch_add(1, Ordering::Relaxed);
                        cx.for_each(Static, 0..len, (), count);
                        cx.for_each(Static, a.slice_mut(..len).items_mut(), (), |x, ()| *x += 1);
                        if k % 5 == 0 {
                            cx.nowait(|scope| {
                                for m in 0..k {
                                    scope.for_each(Dynamic(2), 0..m, a.reading(), |_, _| ());
                                }
                                scope.for_each(Guided(1), b.items_mut(), (), |x, ()| *x += 1);
                            });
                        }
                        if k % 3 == 0 {
                            cx.barrier();
                        }
                        let text = cx.single((), b.reading(), |(), b| format!("{}", b[63]));
                        assert_eq!(text, (round * 7 + k / 5).to_string());
                    }
                }
            });
            let lens = (0..rounds).flat_map(|r| (1..40).map(move |k| (k * 7 + r) % 64));
            let lens: Vec<usize> = lens.collect();
            assert_eq!(ran.into_inner(), lens.iter().sum::<usize>());
            for (i, x) in a.iter().enumerate() {
                assert_eq!(*x as usize, lens.iter().filter(|&&l| l > i).count());
            }
            assert_eq!(b, vec![7 * rounds as u64; 64]);
        }
    });
}

#[test]
fn a_value_that_is_nothing_but_aligned_reaches_all() {
    #[derive(Clone, Debug, PartialEq)]
    #[repr(align(16))]
    struct Nothing;
    watched(|| {
        for n in TEAMS {
            region(team(n), (), |cx, ()| {
                for _ in 0..100 {
                    assert_eq!(cx.single((), (), |(), ()| Nothing), Nothing);
                }
            });
        }
    });
}
