//! Graphs of tasks that are replayed, against the order of one thread.

use crate::support::{on_teams, panic_of};
use phalanx::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A sweep over a row of cells, each of which needs its left neighbour of this step and its right one of the last.
#[test]
fn a_sweep() {
    on_teams(|_| {
        let mut cells: Vec<u64> = (0..40).collect();
        let mut expected = cells.clone();
        let (mut step, ()) = TaskGraph::record(|g| {
            let cell = g.deps(&mut cells);
            for k in 1..39 {
                let near = (cell[k - 1].input(), cell[k + 1].input());
                g.task((near, cell[k].inout()), |_, ((left, right), me)| {
                    *me = (3 * *me + left + 7 * right) % 1_000_003;
                });
            }
        });
        assert_eq!((step.len(), step.is_empty()), (38, false));
        for _ in 0..50 {
            step.replay();
            for k in 1..39 {
                expected[k] = (3 * expected[k] + expected[k - 1] + 7 * expected[k + 1]) % 1_000_003;
            }
        }
        drop(step);
        assert_eq!(cells, expected);
    });
}

/// All kinds of sets.
#[test]
fn sets() {
    on_teams(|_| {
        let (mut sum, mut shared) = (0u64, Atomic::new(0u64));
        let inside = AtomicUsize::new(0);
        let (mut graph, (s, a)) = TaskGraph::record(|g| {
            let (s, a) = (g.dep(&mut sum), g.dep(&mut shared));
            for k in 0..100u64 {
                g.task(a.inoutset(), move |_, a| a.add(k));
                g.task((s.mutexinoutset(), ()), |_, (s, ())| {
                    assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                    *s += 1;
                    inside.fetch_sub(1, Ordering::SeqCst);
                });
            }
            for _ in 0..20 {
                g.task([a.input()], |_, [a]| assert_eq!(a.load() % 4950, 0));
            }
            g.task((a.input(), s.inout()), |_, (a, s)| *s += a.load());
            (s, a)
        });
        for round in 1..=10 {
            graph.replay();
            let (s, a) = graph.with((s.input(), a.input()), |(s, a)| (*s, a.load()));
            assert_eq!(a, 4950 * round);
            assert_eq!(s, 100 * round + 4950 * round * (round + 1) / 2);
        }
    });
}

/// Inside of tasks, and with groups in its tasks.
#[test]
fn anywhere() {
    on_teams(|_| {
        let mut v = vec![1u64; 64];
        let (mut graph, ()) = TaskGraph::record(|g| {
            let part = g.deps(v.chunks_mut(16));
            for k in 0..4 {
                g.task(part[k].inout(), |tg, v| {
                    tg.group(|tg| v.iter_mut().for_each(|x| tg.task(move |_| *x *= 2)));
                });
            }
        });
        taskgroup(|tg| {
            tg.task(|_| {
                for _ in 0..5 {
                    graph.replay();
                }
            });
        });
        region(Options::new(), (), |cx, ()| {
            if cx.thread_num() == 0 {
                parallel_for(Static, 0..4, |_| ());
            }
        });
        graph.replay();
        drop(graph);
        assert_eq!(v, [64; 64]);
    });
}

/// What depends on a task that panics does not run; the graph can be replayed again.
#[test]
fn panics() {
    on_teams(|_| {
        let (mut x, mut after, mut fails) = (0, 0, true);
        let (mut graph, (x, after, fails)) = TaskGraph::record(|g| {
            let (x, after, fails) = (g.dep(&mut x), g.dep(&mut after), g.dep(&mut fails));
            g.task((x.inout(), fails.input()), |_, (x, fails)| {
                *x += 1;
                assert!(!*fails, "boom");
            });
            for _ in 0..50 {
                g.task((x.input(), after.mutexinoutset()), |_, (_, after)| {
                    *after += 1
                });
            }
            (x, after, fails)
        });
        assert_eq!(panic_of(|| graph.replay()), "boom");
        assert_eq!(
            graph.with((x.input(), after.input()), |(x, a)| (*x, *a)),
            (1, 0)
        );
        graph.with(fails.output(), |f| *f = false);
        graph.replay();
        assert_eq!(
            graph.with((x.input(), after.input()), |(x, a)| (*x, *a)),
            (2, 50)
        );
    });
}

#[test]
fn bad_accesses() {
    let (mut x, mut y, mut z) = (0, 0, 0);
    let (mut graph, x) = TaskGraph::record(|g| g.dep(&mut x));
    graph.replay();
    assert!(graph.is_empty());
    let why = panic_of(|| graph.with((x.input(), x.inout()), |_| ()));
    assert!(why.contains("names the same object twice"), "{why}");
    let why = panic_of(|| {
        TaskGraph::record(|g| {
            let x = g.dep(&mut y);
            g.task((x.inout(), x.inout()), |_, _| ());
        });
    });
    assert!(why.contains("names the same object twice"), "{why}");
    let (_, stale) = TaskGraph::record(|g| g.dep(&mut z));
    let why = panic_of(|| graph.with(stale.inout(), |_| ()));
    assert!(why.contains("another group"), "{why}");
}
