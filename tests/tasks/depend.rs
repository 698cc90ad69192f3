//! Dependences: every kind of order against the order of one thread.

use crate::support::{on_teams, panic_of};
use phalanx::prelude::*;
use phalanx::{ReadAccess, WriteAccess};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Each way of using an object.
#[test]
fn a_chain_through_one_object() {
    on_teams(|_| {
        for _ in 0..20 {
            let mut x = 1u64;
            taskgroup(|tg| {
                let x = tg.dep(&mut x);
                for k in 0..200u64 {
                    tg.task_depend(x.inout(), move |_, x| *x = x.wrapping_mul(3) + k);
                }
            });
            let expected = (0..200).fold(1u64, |x, k| x.wrapping_mul(3) + k);
            assert_eq!(x, expected);
        }
    });
}

#[test]
fn readers_between_writers() {
    on_teams(|_| {
        for _ in 0..20 {
            let (mut x, mut seen) = (0u64, vec![0u64; 300]);
            taskgroup(|tg| {
                let x = tg.dep(&mut x);
                for (k, seen) in seen.iter_mut().enumerate() {
                    if k % 30 == 0 {
                        tg.task_depend(x.output(), move |_, x| *x = k as u64);
                    }
                    tg.task_depend(x.input(), move |_, x| *seen = *x);
                }
            });
            for (k, &seen) in seen.iter().enumerate() {
                assert_eq!(seen, (k / 30 * 30) as u64);
            }
        }
    });
}

/// One at a time, in any order, between what comes before and after.
#[test]
fn one_at_a_time() {
    on_teams(|_| {
        let (mut x, mut y) = (0u64, 0u64);
        let inside = AtomicUsize::new(0);
        let sums = taskgroup(|tg| {
            let (dx, dy) = (tg.dep(&mut x), tg.dep(&mut y));
            let alone = |_: &Task<'_>, x: &mut u64| {
                assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                *x += 1;
                inside.fetch_sub(1, Ordering::SeqCst);
            };
            for k in 0..300 {
                tg.task_depend(dx.mutexinoutset(), alone);
                // Two of them, in either order.
                let add = |_: &Task<'_>, (a, b): (&mut u64, &mut u64)| {
                    *a += 1;
                    *b += 1;
                };
                match k % 2 {
                    0 => tg.task_depend((dx.mutexinoutset(), dy.mutexinoutset()), add),
                    _ => tg.task_depend((dy.mutexinoutset(), dx.mutexinoutset()), add),
                }
            }
            tg.wait_depend((dx.input(), dy.input()), |(x, y)| (*x, *y))
        });
        assert_eq!(sums, (600, 300));
        assert_eq!((x, y), sums);
    });
}

/// A set that changes something through `&`, after and before others.
#[test]
fn a_set_with_shared_references() {
    on_teams(|_| {
        let mut x = Atomic::new(0u64);
        taskgroup(|tg| {
            let x = tg.dep(&mut x);
            for round in 1..=20u64 {
                for _ in 0..10 {
                    tg.task_depend(x.inoutset(), |_, x| x.add(1));
                }
                for _ in 0..5 {
                    tg.task_depend(x.input(), move |_, x| assert_eq!(x.load(), 11 * round - 1));
                }
                tg.task_depend(x.inout(), |_, x| x.add(1));
            }
        });
        assert_eq!(x.into_inner(), 220);
    });
}

/// A wait for one object, while others go on.
#[test]
fn a_wait_for_some() {
    on_teams(|threads| {
        let (mut x, mut y) = (0, 0);
        let go = AtomicUsize::new(0);
        taskgroup(|tg| {
            let (x, y) = (tg.dep(&mut x), tg.dep(&mut y));
            if threads > 1 {
                tg.task_depend(y.inout(), |_, y| {
                    // Ends after the wait below: which has not waited for this.
                    while go.load(Ordering::Acquire) == 0 {
                        std::thread::yield_now();
                    }
                    *y = 2;
                });
                // So that another thread has it.
                while tg_is_idle(tg) {}
            }
            tg.task_depend(x.inout(), |_, x| *x = 1);
            assert_eq!(tg.wait_depend(x.input(), |x| *x), 1);
            go.store(1, Ordering::Release);
            let copy = tg.wait_depend(x.inout(), |x| {
                *x += 10;
                *x
            });
            assert_eq!(copy, 11);
        });
        assert_eq!((x, y), (11, if threads > 1 { 2 } else { 0 }));
    });
}

/// Gives the others time to take what has been submitted.
fn tg_is_idle(_: &TaskGroup<'_>) -> bool {
    std::thread::sleep(std::time::Duration::from_millis(3));
    false
}

/// Undeferred and final tasks wait for what comes before.
#[test]
fn clauses() {
    on_teams(|_| {
        let mut x = vec![];
        taskgroup(|tg| {
            let x = tg.dep(&mut x);
            for k in 0..50 {
                let options = match k % 3 {
                    0 => TaskOptions::new().only_if(false),
                    1 => TaskOptions::new().final_if(true).priority(3),
                    _ => TaskOptions::new(),
                };
                tg.task_depend_with(options, x.inout(), move |_, x| x.push(k));
            }
        });
        assert_eq!(x, (0..50).collect::<Vec<_>>());
    });
}

/// Accesses are kept, and used again.
#[test]
fn accesses_are_values() {
    on_teams(|_| {
        let mut v = vec![0u64; 8];
        taskgroup(|tg| {
            let part = tg.deps(&mut v);
            let (first, last): (ReadAccess<'_, u64>, WriteAccess<'_, u64>) =
                (part[0].input(), part[7].inout());
            assert_eq!((part.len(), part.is_empty()), (8, false));
            for _ in 0..10 {
                tg.task_depend(part[0].inout(), |_, x| *x += 1);
                tg.task_depend((first, last), |_, (x, sum)| *sum += x);
                tg.task_depend([first, part[1].input()], |_, [a, b]| assert!(a > b));
                tg.task_depend((Some(first), None::<WriteAccess<'_, u64>>), |_, (a, b)| {
                    assert!(a.is_some() && b.is_none());
                });
                tg.task_depend((), |_, ()| ());
            }
        });
        assert_eq!(v[7], 55);
    });
}

/// Children work on parts of what their parent has.
#[test]
fn nested() {
    on_teams(|_| {
        let mut v = vec![1u64; 64];
        taskgroup(|tg| {
            let part = tg.deps(v.chunks_mut(16));
            for step in 0..10 {
                for k in 0..4 {
                    tg.task_depend(part[k].inout(), move |tg, v| {
                        tg.group(|tg| {
                            let part = tg.deps(v.chunks_mut(4));
                            for j in 0..4 {
                                tg.task_depend(part[j].inout(), move |_, v| {
                                    v.iter_mut().for_each(|x| *x += step * k as u64);
                                });
                            }
                        });
                    });
                }
                tg.task_depend((part[0].inout(), part[3].input()), |_, (a, b)| {
                    a[0] += b[0] % 7
                });
            }
        });
        let mut expected = vec![1u64; 64];
        for step in 0..10 {
            for (i, x) in expected.iter_mut().enumerate() {
                *x += step * (i / 16) as u64;
            }
            expected[0] += expected[48] % 7;
        }
        assert_eq!(v, expected);
    });
}

#[test]
fn named_twice() {
    let mut x = 0;
    let why = panic_of(|| {
        taskgroup(|tg| {
            let x = tg.dep(&mut x);
            tg.task_depend((x.inout(), x.input()), |_, (a, b)| *a += *b);
        });
    });
    assert!(why.contains("names the same object twice"), "{why}");
    assert!(
        why.contains("`inout` (access 0)") && why.contains("`in` (access 1)"),
        "{why}"
    );
    // To read it twice is no harm.
    taskgroup(|tg| {
        let x = tg.dep(&mut x);
        tg.task_depend(vec![x.input(); 3], |_, v| assert_eq!(v, [&0, &0, &0]));
    });
}

#[test]
fn of_another_group() {
    let mut x = 0;
    let why = panic_of(|| {
        taskgroup(|tg| {
            let x = tg.dep(&mut x);
            tg.group(|inner| inner.task_depend(x.inout(), |_, x| *x += 1));
        });
    });
    assert!(why.contains("made by another group"), "{why}");
    let mut y = 0;
    let stale = taskgroup(|tg| tg.dep(&mut y));
    let why = panic_of(|| taskgroup_on_this_thread(stale));
    assert!(why.contains("made by another group"), "{why}");
}

/// (A handle is not `Send`, so only the inner body can have it.)
fn taskgroup_on_this_thread(stale: phalanx::Dep<'_, i32>) {
    let stale = send_wrapper::SendWrapper::new(stale);
    taskgroup(|tg| {
        tg.task_depend(stale.inout(), |_, x| *x += 1);
    });
}

/// A panic: what depends on the task does not run, what runs beside it does; the payload arrives.
#[test]
fn panics() {
    on_teams(|_| {
        let (mut x, mut y) = (0, 0);
        let why = panic_of(|| {
            taskgroup(|tg| {
                let (x, y) = (tg.dep(&mut x), tg.dep(&mut y));
                tg.task_depend(y.inout(), |_, y| *y += 1);
                tg.wait_depend(y.input(), |_| ());
                tg.task_depend(x.inout(), |_, _| panic!("boom"));
                for _ in 0..100 {
                    tg.task_depend(x.inout(), |_, _| unreachable!("it was cancelled"));
                }
                tg.wait_depend(x.input(), |_| unreachable!("its object was never written"));
            });
        });
        assert_eq!((why.as_str(), x, y), ("boom", 0, 1));
    });
}

/// A million tasks: memory stays bounded, for the submitter works when too many wait.
#[test]
fn a_million() {
    on_teams(|_| {
        let mut v = vec![0u64; 16];
        let live = AtomicUsize::new(0);
        let most = AtomicUsize::new(0);
        struct Live<'a>(&'a AtomicUsize);
        impl Drop for Live<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::Relaxed);
            }
        }
        taskgroup(|tg| {
            let part = tg.deps(&mut v);
            for k in 0..200_000usize {
                most.fetch_max(live.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
                let counted = Live(&live);
                tg.task_depend(part[k % 16].inout(), move |_, x| {
                    *x += 1;
                    drop(counted);
                });
            }
        });
        assert_eq!(v, [12_500; 16]);
        assert!(most.into_inner() <= 20_000);
    });
}

/// Many readers, then many of another set: edges do not multiply.
#[test]
fn sets_after_sets() {
    on_teams(|_| {
        let mut x = Atomic::new(0u64);
        taskgroup(|tg| {
            let x = tg.dep(&mut x);
            for round in 0..4u64 {
                for _ in 0..2000 {
                    tg.task_depend(x.input(), move |_, x| assert_eq!(x.load(), 2000 * round));
                }
                for _ in 0..2000 {
                    tg.task_depend(x.inoutset(), |_, x| x.add(1));
                }
            }
        });
        assert_eq!(x.into_inner(), 8000);
    });
}

/// Tiles of a grid as objects: each needs those above it and to its left; and chunks of a `NumaVec`.
#[test]
fn tiles_of_a_grid() {
    on_teams(|_| {
        let mut g = Grid2::filled(30, 20, 1u64);
        let mut tiles: Vec<_> = g.tiles_mut(5, 5).into_iter().collect();
        taskgroup(|tg| {
            let tile = tg.deps(&mut tiles);
            for k in 0..24 {
                let up = (k >= 4).then(|| tile[k - 4].input());
                let left = (k % 4 > 0).then(|| tile[k - 1].input());
                tg.task_depend((up, left, tile[k].inout()), |_, (up, left, me)| {
                    let sum = up.map_or(0, |t| t[4][0]) + left.map_or(0, |t| t[0][4]);
                    for i in 0..5 {
                        me[i].iter_mut().for_each(|x| *x += sum);
                    }
                });
            }
        });
        drop(tiles);
        let mut paths = [[0u64; 4]; 6];
        for (i, j) in (0..6).flat_map(|i| (0..4).map(move |j| (i, j))) {
            let up = if i > 0 { paths[i - 1][j] } else { 0 };
            let left = if j > 0 { paths[i][j - 1] } else { 0 };
            paths[i][j] = 1 + up + left;
        }
        for (i, j) in (0..30).flat_map(|i| (0..20).map(move |j| (i, j))) {
            assert_eq!(g[i][j], paths[i / 5][j / 5]);
        }
        let mut v = NumaVec::filled(Static, 100, 0u64);
        taskgroup(|tg| {
            let part = tg.deps(v.chunks_mut(10));
            for k in 1..10 {
                tg.task_depend((part[k - 1].input(), part[k].inout()), |_, (l, me)| {
                    me[0] = l[0] + 1
                });
            }
        });
        assert_eq!(v[90], 9);
    });
}

/// In a cancelled group an undeferred task is dropped like any other that has not begun.
#[test]
fn undeferred_in_a_cancelled_group() {
    on_teams(|_| {
        let mut x = 0;
        taskgroup(|tg| {
            let x = tg.dep(&mut x);
            tg.cancel();
            tg.task_depend_with(TaskOptions::new().only_if(false), x.inout(), |_, x| *x += 1);
        });
        assert_eq!(x, 0);
    });
}
