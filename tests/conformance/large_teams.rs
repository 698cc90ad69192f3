//! Teams larger than the machine, up to 64 threads: posted to and joined by a tree beyond 16.

use crate::support::watched;
use phalanx::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

const SIZES: [usize; 5] = [16, 17, 18, 33, 64];

#[test]
fn every_iteration_runs_once_on_every_thread_there_is() {
    watched(|| {
        for n in SIZES {
            for s in [Static, StaticChunk(3), Dynamic(1), Guided(1)] {
                let seen: Vec<AtomicUsize> = (0..1000).map(|_| AtomicUsize::new(0)).collect();
                parallel_for(s.num_threads(n), 0..1000, |i| {
                    seen[i].fetch_add(1, Ordering::Relaxed);
                });
                assert!(seen.iter().all(|s| s.load(Ordering::Relaxed) == 1));
            }
            let nums = parallel_map(Static.num_threads(n), 0..n, |_| {
                assert_eq!(phalanx::num_threads(), n);
                phalanx::thread_num()
            });
            assert!(nums.iter().copied().eq(0..n), "thread k has iteration k");
        }
    });
}

#[test]
fn answers_come_back_in_order_of_thread_number() {
    watched(|| {
        for n in SIZES {
            for _ in 0..20 {
                let sum =
                    parallel_reduce(Static.num_threads(n), 0..10_000u64, ops::Add, 0, |s, i| {
                        *s += i
                    });
                assert_eq!(sum, 49_995_000);
                // Too large for a job line.
                let all = parallel_reduce(
                    Static.num_threads(n),
                    0..n,
                    ops::Add,
                    vec![0; 100],
                    |v: &mut Vec<usize>, i| v[i] += i + 1,
                );
                assert!(all.iter().take(n).copied().eq(1..=n));
            }
        }
    });
}

#[test]
fn a_panic_anywhere_in_the_tree_reaches_the_primary() {
    watched(|| {
        for n in SIZES {
            for bad in [0, 1, n / 2, n - 1] {
                let r = catch_unwind(AssertUnwindSafe(|| {
                    parallel_for(Static.num_threads(n), 0..n, |i| {
                        if i == bad {
                            std::panic::resume_unwind(Box::new(bad));
                        }
                    });
                }));
                assert_eq!(r.unwrap_err().downcast_ref(), Some(&bad));
                let sum = parallel_reduce(Static.num_threads(n), 0..n, ops::Add, 0, |s, i| *s += i);
                assert_eq!(sum, n * (n - 1) / 2);
            }
        }
    });
}

/// Teams that grow and shrink use the same workers, whose parents in the tree change.
#[test]
fn a_worker_may_have_another_parent_in_the_next_team() {
    watched(|| {
        for round in 0..30 {
            for n in [64, 2, 20, 16, 40, 3] {
                let sum =
                    parallel_reduce(Dynamic(1).num_threads(n), 0..200, ops::Add, 0, |s, i| {
                        *s += i
                    });
                assert_eq!(sum, 19_900, "round {round}, {n} threads");
            }
        }
    });
}

#[test]
fn a_barrier_holds_all_threads() {
    watched(|| {
        for n in SIZES {
            let arrived = AtomicUsize::new(0);
            region(Options::new().num_threads(n), (), |m, ()| {
                for round in 1..=20 {
                    arrived.fetch_add(1, Ordering::Relaxed);
                    m.barrier();
                    assert!(arrived.load(Ordering::Relaxed) >= round * n);
                    m.barrier();
                }
            });
        }
    });
}
