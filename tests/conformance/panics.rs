//! A panic in one iteration: its payload comes back, the others leave, the team works on.

use crate::support::{TEAMS, schedules, watched};
use phalanx::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

fn thrown(f: impl FnOnce()) -> Option<usize> {
    catch_unwind(AssertUnwindSafe(f))
        .err()
        .and_then(|p| p.downcast_ref::<usize>().copied())
}

#[test]
fn the_payload_comes_back_and_the_team_works_on() {
    watched(|| {
        for n in TEAMS {
            for s in schedules() {
                for bad in [0, 500, 999] {
                    let got = thrown(|| {
                        parallel_for(s.num_threads(n), 0..1000usize, |i| {
                            if i == bad {
                                std::panic::panic_any(i)
                            }
                        });
                    });
                    assert_eq!(got, Some(bad), "{s} on {n}");
                    let ok = parallel_reduce(s.num_threads(n), 0..100, ops::Add, 0, |s, i| *s += i);
                    assert_eq!(ok, 4950);
                }
            }
        }
        assert_eq!(phalanx::level(), 0);
    });
}

#[test]
fn all_threads_panic_and_one_payload_comes_back() {
    watched(|| {
        for _ in 0..100 {
            let got = thrown(|| {
                parallel_for(Static.num_threads(4), 0..4usize, |i| {
                    std::panic::panic_any(i)
                });
            });
            assert!(got.is_some_and(|i| i < 4));
        }
    });
}

#[test]
fn the_others_leave_soon() {
    watched(|| {
        for s in [Dynamic(1), StaticChunk(1), Guided(1), MonotonicDynamic(1)] {
            let (ran, start) = (AtomicUsize::new(0), Instant::now());
            let got = thrown(|| {
                parallel_for(s.num_threads(2), 0..100_000usize, |i| {
                    if i == 0 {
                        std::panic::panic_any(i)
                    }
                    ran.fetch_add(1, Ordering::Relaxed);
                    std::thread::sleep(Duration::from_millis(1));
                });
            });
            assert_eq!(got, Some(0));
            assert!(ran.into_inner() < 10_000, "{s}: {:?}", start.elapsed());
        }
    });
}

#[test]
fn a_payload_whose_drop_panics_takes_nobody_along() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                panic!("dropped")
            }
        }
    }
    watched(|| {
        for _ in 0..50 {
            let r = catch_unwind(|| {
                parallel_for(Static.num_threads(4), 0..4, |_| std::panic::panic_any(Bomb));
            });
            std::mem::forget(r);
            parallel_for(Static.num_threads(4), 0..4, |_| ());
        }
    });
}

#[test]
fn partial_results_are_dropped() {
    static LIVE: AtomicUsize = AtomicUsize::new(0);
    struct Counted;
    impl Counted {
        fn new() -> Self {
            LIVE.fetch_add(1, Ordering::Relaxed);
            Counted
        }
    }
    impl Drop for Counted {
        fn drop(&mut self) {
            LIVE.fetch_sub(1, Ordering::Relaxed);
        }
    }
    for s in schedules() {
        let r = catch_unwind(AssertUnwindSafe(|| {
            parallel_map(s.num_threads(3), 0..5000, |i| {
                assert!(i != 3210, "bad element");
                Counted::new()
            })
        }));
        assert!(r.is_err());
        assert_eq!(LIVE.load(Ordering::Relaxed), 0, "{s}");
        drop(parallel_map(s.num_threads(3), 0..5000, |_| Counted::new()));
        assert_eq!(LIVE.load(Ordering::Relaxed), 0, "{s}");
    }
}
