//! Task loops: each iteration once, as many in a task as the clauses say, and the same answer whoever ran them.

use crate::support::{on_teams, panic_of};
use phalanx::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Loops cut in all ways.
fn cuts() -> [TaskLoop; 9] {
    let new = TaskLoop::new;
    [
        new(),
        new().grainsize(1),
        new().grainsize(7),
        new().grainsize(100_000),
        new().grainsize(7).strict(),
        new().num_tasks(1),
        new().num_tasks(13),
        new().num_tasks(13).strict(),
        new().only_if(false),
    ]
}

#[test]
fn every_iteration_once() {
    on_teams(|_| {
        for options in cuts() {
            for n in [0, 1, 6, 7, 100, 1000] {
                let x: Vec<u32> = (0..n).collect();
                let (mut y, count) = (vec![0; x.len()], Atomic::new(0));
                taskloop(options, (&x, &mut y), |(x, y)| *y += x + 1);
                taskloop(options, 0..n, |_| {
                    count.add(1);
                });
                assert!(
                    y.iter().zip(&x).all(|(y, x)| *y == x + 1),
                    "{options:?} {n}"
                );
                assert_eq!(count.into_inner(), n, "{options:?}");
                taskgroup(|tg| tg.taskloop(options, &mut y, |_, y| *y += 1));
                assert!(y.iter().zip(&x).all(|(y, x)| *y == x + 2));
            }
        }
    });
}

#[test]
fn sources_of_every_kind() {
    on_teams(|_| {
        let mut g = Grid2::filled(20, 30, 0u64);
        let options = TaskLoop::new().grainsize(3);
        taskloop(options, enumerate(g.rows_mut()), |(i, row)| {
            row.iter_mut().for_each(|x| *x = i as u64)
        });
        taskloop(options, g.tiles_mut(8, 8), |mut tile| {
            for i in 0..tile.shape()[0] {
                tile[i].iter_mut().for_each(|x| *x *= 2);
            }
        });
        assert_eq!(g[7][5], 14);
        let (pairs, triples) = (Atomic::new(0), Atomic::new(0));
        taskloop(
            options,
            phalanx::collapse(0..10u64, (0..10u64).rev()),
            |(i, j)| {
                pairs.add(10 * i + j);
            },
        );
        let three = phalanx::collapse(phalanx::collapse(0..3u64, 1..=4u64), 0..5u64);
        taskloop(options, three, |((i, j), k)| {
            triples.add(i * j * k);
        });
        assert_eq!(pairs.into_inner(), 4950);
        assert_eq!(triples.into_inner(), 3 * 10 * 10);
        let mut v = vec![0; 100];
        taskloop(options, chunks_mut(&mut v, 9), |chunk| {
            chunk.fill(chunk.len())
        });
        assert_eq!((v[0], v[99]), (9, 1));
    });
}

/// Which iterations each task had, in the order of the tasks.
struct Append;
#[derive(Clone, Debug, PartialEq)]
struct Tasks(Vec<Vec<usize>>);
impl Reduce<Append> for Tasks {
    type Shape = ();
    fn shape(&self) {}
    fn identity(_: &()) -> Self {
        Tasks(vec![Vec::new()])
    }
    fn combine(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

#[test]
fn tasks_are_of_the_size_that_was_asked_for() {
    fn tasks(options: TaskLoop, n: usize) -> Vec<Vec<usize>> {
        let all = taskloop_reduce(options, 0..n, Append, Tasks(Vec::new()), |t, i| {
            t.0[0].push(i)
        });
        let all = all.0;
        assert_eq!(all.concat(), (0..n).collect::<Vec<_>>(), "{options:?}");
        all
    }
    on_teams(|_| {
        for (g, n) in [(1, 50), (7, 50), (7, 6), (20, 39), (20, 40), (50, 50)] {
            let even = tasks(TaskLoop::new().grainsize(g), n);
            assert!(even.iter().all(|t| t.len() >= g.min(n) && t.len() < 2 * g));
            let exact = tasks(TaskLoop::new().grainsize(g).strict(), n);
            assert!(exact.split_last().unwrap().1.iter().all(|t| t.len() == g));
            let count = tasks(TaskLoop::new().num_tasks(g), n);
            assert_eq!(count.len(), g.min(n));
            assert_eq!(tasks(TaskLoop::new().num_tasks(g).strict(), n), count);
        }
        assert_eq!(tasks(TaskLoop::new(), 2000).len(), 512);
    });
}

/// What `taskloop_reduce` promises: pairs of neighbours, pairs of pairs.
fn in_pairs(tasks: &[f32]) -> f32 {
    match tasks {
        [one] => *one,
        _ => {
            let (a, b) = tasks.split_at(tasks.len() / 2);
            in_pairs(a) + in_pairs(b)
        }
    }
}

#[test]
fn sums_have_the_same_bits_in_each_team() {
    on_teams(|_| {
        let x: Vec<f32> = (0..10_007).map(|k| 1.0 / (k as f32 + 0.7)).collect();
        let tasks: Vec<f32> = x
            .chunks(64)
            .map(|c| c.iter().fold(-0.0, |s, x| s + x))
            .collect();
        let expected = 3.0 + in_pairs(&tasks);
        for options in [TaskLoop::new(), TaskLoop::new().only_if(false)] {
            let options = options.grainsize(64).strict();
            let sum = taskloop_reduce(options, &x, ops::Add, 3.0, |s, x| *s += x);
            assert_eq!(sum.to_bits(), expected.to_bits());
            let sum =
                taskgroup(|tg| tg.taskloop_reduce(options, &x, ops::Add, 3.0, |_, s, x| *s += x));
            assert_eq!(sum.to_bits(), expected.to_bits());
        }
    });
}

#[test]
fn several_reductions_and_arrays() {
    on_teams(|_| {
        let init = (vec![0u64; 10], i64::MAX);
        let (histogram, least) = taskloop_reduce(
            TaskLoop::new().num_tasks(40),
            0..5000u64,
            (ops::Add, ops::Min),
            init,
            |(histogram, least), k| {
                histogram[k as usize % 10] += k;
                *least = (*least).min((k as i64 - 3333).abs());
            },
        );
        assert_eq!(least, 0);
        assert_eq!(histogram.iter().sum::<u64>(), 4999 * 2500);
        let none = taskloop_reduce(TaskLoop::new(), 0..0, ops::Add, 5, |s, k: i32| *s += k);
        assert_eq!(none, 5);
    });
}

#[test]
fn undeferred_and_final_loops() {
    on_teams(|_| {
        let here = std::thread::current().id();
        let order = Lock::new(Vec::new());
        taskloop(TaskLoop::new().grainsize(1).only_if(false), 0..50, |k| {
            assert_eq!(std::thread::current().id(), here);
            order.lock().push(k);
        });
        assert_eq!(order.into_inner(), (0..50).collect::<Vec<_>>());
        // What a final loop submits is over when the call returns.
        let mut v = vec![0; 100];
        taskgroup(|tg| {
            tg.taskloop(TaskLoop::new().final_if(true), &mut v, |tg, x| {
                let over = Arc::new(AtomicU64::new(0));
                let inside = over.clone();
                tg.task(move |_| {
                    inside.store(7, Ordering::Relaxed);
                });
                *x = over.load(Ordering::Relaxed);
            });
        });
        assert!(v.iter().all(|&x| x == 7));
        // And in a final task a loop runs in place.
        taskgroup(|tg| {
            tg.task_with(TaskOptions::new().final_if(true), |tg| {
                let here = std::thread::current().id();
                let check = |_: &Task<'_>, _| assert_eq!(std::thread::current().id(), here);
                tg.taskloop(TaskLoop::new(), 0..100, check);
                tg.taskloop_nogroup(TaskLoop::new(), 0..100, check_final);
            });
        });
        fn check_final(tg: &Task<'_>, _: i32) {
            let here = std::thread::current().id();
            tg.task(move |_| assert_eq!(std::thread::current().id(), here));
        }
    });
}

#[test]
fn loops_that_the_group_waits_for() {
    on_teams(|threads| {
        for options in cuts() {
            let (mut v, seen) = (vec![0; 5000], Atomic::new(0));
            let owned = Arc::new(());
            taskgroup(|tg| {
                let (seen, owned) = (&seen, owned.clone());
                let body = move |tg: &Task<'_>, x: &mut i32| {
                    let _owned = &owned;
                    *x += 1;
                    seen.add(1);
                    assert!(!tg.is_cancelled());
                };
                tg.taskloop_nogroup(options, &mut v, body);
                if threads == 1 && options != TaskLoop::new().only_if(false) {
                    assert_eq!(seen.load(), 0, "the call does not wait");
                }
                tg.wait();
                assert_eq!(seen.load(), 5000);
            });
            assert!(v.iter().all(|&x| x == 1));
            assert_eq!(Arc::strong_count(&owned), 1);
        }
    });
}

/// A loop of more tasks than there is memory for, which ends by a panic.
#[test]
fn tasks_that_nobody_asks_for_take_no_room() {
    on_teams(|threads| {
        let seen = Atomic::new(0u64);
        let count = |_| assert!(seen.fetch_add(1) < 1000, "enough");
        let said = panic_of(|| taskloop(TaskLoop::new().grainsize(1), 0..usize::MAX, count));
        assert_eq!(said, "enough");
        assert!(seen.into_inner() <= 1001 + threads as u64);
        let seen = Atomic::new(0u64);
        let said = panic_of(|| {
            taskgroup(|tg| {
                tg.taskloop_nogroup(TaskLoop::new().num_tasks(1 << 50), 0..1u64 << 60, |_, _| {
                    assert!(seen.fetch_add(1) < 1000, "enough")
                });
            })
        });
        assert_eq!(said, "enough");
    });
}

/// The same for reductions, also where other threads have begun with a half.
#[test]
fn endless_reductions_end() {
    on_teams(|threads| {
        let seen = Atomic::new(0u64);
        let said = panic_of(|| {
            let count = |s: &mut u64, _| {
                *s += 1;
                assert!(seen.fetch_add(1) < 3000, "enough")
            };
            taskloop_reduce(
                TaskLoop::new().grainsize(1),
                0..usize::MAX,
                ops::Add,
                0,
                count,
            );
        });
        assert_eq!(said, "enough");
        assert!(seen.into_inner() <= 3001 + threads as u64);
        // Cancelled: the result is what was taken in.
        let (seen, taken) = (Atomic::new(0u64), Atomic::new(0u64));
        let sum = taskgroup(|tg| {
            let cut = TaskLoop::new().grainsize(1);
            tg.taskloop_reduce(cut, 0..u64::MAX, ops::Add, 100, |tg, sum, _| {
                *sum += 1;
                taken.add(1);
                if seen.fetch_add(1) == 500 {
                    tg.cancel();
                }
            })
        });
        assert_eq!(sum, 100 + taken.into_inner());
    });
}

#[test]
fn cancelled_loops_end() {
    on_teams(|_| {
        let seen = Atomic::new(0u64);
        taskgroup(|tg| {
            tg.taskloop_nogroup(TaskLoop::new().grainsize(1), 0..u64::MAX, |tg, _| {
                if seen.fetch_add(1) == 500 {
                    tg.cancel();
                }
            });
        });
        let n = seen.into_inner();
        assert!((501..600).contains(&n), "{n}");
        let said = panic_of(|| {
            taskloop_reduce(TaskLoop::new(), 0..1000, ops::Add, 0, |s, k| {
                assert!(k != 777, "at 777");
                *s += k;
            });
        });
        assert_eq!(said, "at 777");
    });
}

#[test]
fn loops_in_loops_in_regions() {
    on_teams(|threads| {
        let mut v = vec![0u64; 64];
        region(Options::new().num_threads(threads), &mut v, |cx, mut v| {
            cx.for_each(Dynamic(4), v.items_mut(), (), |x, ()| {
                *x = taskloop_reduce(TaskLoop::new().grainsize(5), 0..100, ops::Add, 0, |s, k| {
                    *s += k
                });
            });
            cx.single(v.whole_mut(), (), |v, ()| {
                taskloop(TaskLoop::new().grainsize(1), chunks_mut(v, 8), |chunk| {
                    taskloop(TaskLoop::new().grainsize(1), chunk, |x| {
                        *x += phalanx::join(|| 1, || 2).1;
                    });
                });
            });
        });
        assert!(v.iter().all(|&x| x == 4952));
    });
}

#[test]
fn under_locks_and_with_full_rings() {
    on_teams(|_| {
        let (total, others) = (Lock::new(0u64), Atomic::new(0));
        let wait = Critical::new(0u64);
        taskgroup(|tg| {
            for _ in 0..300 {
                tg.task(|_| {
                    let _inside = total.lock();
                    others.add(1);
                });
            }
            let mut sum = total.lock();
            *sum += tg.taskloop_reduce(
                TaskLoop::new().grainsize(1),
                0..1000,
                ops::Add,
                0,
                |_, s, k| *s += k,
            );
            drop(sum);
            for _ in 0..20 {
                tg.task(|tg| {
                    wait.with(|sum| {
                        let seen = Atomic::new(0);
                        tg.taskloop(TaskLoop::new().grainsize(2), 0..100, |_, _| {
                            seen.add(1);
                        });
                        *sum += seen.into_inner();
                    });
                });
            }
        });
        assert_eq!(total.into_inner(), 499_500);
        assert_eq!((others.into_inner(), wait.into_inner()), (300, 2000));
    });
}

/// Each item opens a group of its own: threads that wait in one run parts of the loop, but not without end.
#[test]
fn bodies_that_wait() {
    on_teams(|_| {
        let sum = Atomic::new(0u64);
        taskloop(TaskLoop::new().grainsize(1), 0..2000u64, |k| {
            taskgroup(|tg| {
                for _ in 0..3 {
                    tg.task(|_| {
                        sum.add(k);
                    });
                }
                std::thread::yield_now();
            });
        });
        assert_eq!(sum.into_inner(), 3 * 1999 * 1000);
    });
}

/// Few long tasks: each thread gets one, for a thread that begins one has left the others something.
#[test]
fn long_tasks_run_at_once() {
    on_teams(|threads| {
        for _ in 0..5 {
            let (begun, alone) = (Atomic::new(0usize), Atomic::new(0usize));
            let meet = |_: usize| {
                begun.add(1);
                let start = std::time::Instant::now();
                while begun.load() < threads {
                    if start.elapsed().as_secs() > 20 {
                        alone.add(1);
                        break;
                    }
                    std::thread::yield_now();
                }
            };
            taskloop(TaskLoop::new().num_tasks(threads), 0..threads, meet);
            begun.store(0);
            taskgroup(|tg| {
                tg.taskloop_nogroup(TaskLoop::new().grainsize(1), 0..threads, |_, k| meet(k));
            });
            begun.store(0);
            let one = TaskLoop::new().grainsize(1);
            taskloop_reduce(one, 0..threads, ops::Add, 0, |_: &mut i32, k| meet(k));
            assert_eq!(alone.into_inner(), 0, "tasks that ran one after the other");
        }
    });
}

#[test]
fn senseless_clauses_are_named() {
    let new = TaskLoop::new;
    for (bad, words) in [
        (panic_of(|| _ = new().grainsize(0)), "grainsize(0)"),
        (panic_of(|| _ = new().num_tasks(0)), "num_tasks(0)"),
        (
            panic_of(|| _ = new().num_tasks(3).grainsize(1)),
            "`grainsize` or `num_tasks`",
        ),
        (panic_of(|| _ = new().strict()), "give that first"),
    ] {
        assert!(bad.contains(words), "{bad}");
    }
    let said = panic_of(|| taskloop(new(), (&[1, 2, 3], &[1, 2]), |(_, _)| ()));
    assert!(said.contains('3') && said.contains('2'), "{said}");
}
