//! Stacks stay bounded, whatever is stolen; and so does memory.

use crate::support::{on_teams, watched};
use phalanx::prelude::*;

/// Each task submits the next: nothing nests, though rings may be full.
#[test]
fn a_chain_of_tasks() {
    fn next<'s>(tg: &Task<'s>, left: u64, steps: &'s Atomic<u64>) {
        steps.add(1);
        if left > 0 {
            tg.task(move |tg| next(tg, left - 1, steps));
        }
    }
    on_teams(|_| {
        let steps = Atomic::new(0);
        taskgroup(|tg| {
            // The ring is full with these, and stays full.
            for _ in 0..300 {
                tg.task(|_| ());
            }
            next(tg, 200_000, &steps);
        });
        assert_eq!(steps.into_inner(), 200_001);
    });
}

/// Groups inside groups, as deep as the stack lets sequential code be.
#[test]
fn deep_nesting() {
    fn down(tg: &Task<'_>, left: u32) -> u32 {
        if left == 0 {
            return 0;
        }
        let mut below = 0;
        tg.group(|tg| tg.task(|tg| below = down(tg, left - 1)));
        below + 1
    }
    on_teams(|_| assert_eq!(taskgroup(|tg| down(tg, 500)), 500));
}

/// Many trees whose nodes wait: a thread that waits may take tasks of others, but not one upon another without end.
/// Each task measures how deep its stack is.
#[test]
fn stolen_tasks_do_not_pile_up() {
    const DEPTH: u64 = 12;
    thread_local! {
        static NESTED: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
    }
    fn tree(tg: &Task<'_>, depth: u64, deepest: &Atomic<u64>) -> u64 {
        NESTED.set(NESTED.get() + 1);
        deepest.max(NESTED.get());
        let sum = if depth == 0 {
            std::thread::yield_now();
            1
        } else {
            let (mut a, mut b) = (0, 0);
            tg.group(|tg| {
                tg.task(|tg| a = tree(tg, depth - 1, deepest));
                tg.task(|tg| b = tree(tg, depth - 1, deepest));
            });
            a + b
        };
        NESTED.set(NESTED.get() - 1);
        sum
    }
    on_teams(|_| {
        let deepest = Atomic::new(0);
        taskgroup(|tg| {
            for _ in 0..16 {
                tg.task(|tg| assert_eq!(tree(tg, DEPTH, &deepest), 1 << DEPTH));
            }
        });
        let deepest = deepest.into_inner();
        assert!(deepest <= 9 * (DEPTH + 1), "{deepest} tasks on one stack");
    });
}

/// A million tasks in flight at once cost no memory for each: most run in place.
#[test]
fn a_million_from_one_producer() {
    struct Live<'l>(&'l Atomic<i64>);
    impl<'l> Live<'l> {
        fn new(now: &'l Atomic<i64>, most: &'l Atomic<i64>) -> Self {
            now.add(1);
            most.max(now.load());
            Live(now)
        }
    }
    impl Drop for Live<'_> {
        fn drop(&mut self) {
            self.0.sub(1);
        }
    }
    watched(|| {
        for threads in [1, 4] {
            let pool = phalanx::Pool::builder()
                .num_threads(threads)
                .build()
                .expect("a pool");
            let (now, most, ran) = (Atomic::new(0), Atomic::new(0), Atomic::new(0));
            pool.install(|| {
                taskgroup(|tg| {
                    for _ in 0..1_000_000 {
                        let (live, ran) = (Live::new(&now, &most), &ran);
                        tg.task(move |_| {
                            let _live = live;
                            ran.add(1);
                        });
                    }
                })
            });
            assert_eq!(ran.into_inner(), 1_000_000);
            let most = most.into_inner();
            assert!(most <= 256 + 32 + 2 * 256, "{most} tasks at once");
        }
    });
}

/// Each task yields, and what it runs there yields again.
#[test]
fn a_chain_of_yields() {
    on_teams(|_| {
        let ran = Atomic::new(0);
        taskgroup(|tg| {
            for _ in 0..100_000 {
                tg.task(|_| {
                    phalanx::taskyield();
                    ran.add(1);
                });
            }
        });
        assert_eq!(ran.into_inner(), 100_000);
    });
}
