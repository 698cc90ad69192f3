//! What ends a region early: panics, threads that go astray, and what users catch.

use crate::support::watched;
use phalanx::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Runs a region that must panic, several times on each of some team sizes, and checks the message; the team
/// works afterwards.
fn ends_with(wanted: &'static [&'static str], test: impl Fn(usize) + Send + 'static) {
    watched(move || {
        for n in [2, 3, 4, 8] {
            for _ in 0..10 {
                let payload =
                    catch_unwind(AssertUnwindSafe(|| test(n))).expect_err("the region must panic");
                let text = payload
                    .downcast_ref::<String>()
                    .cloned()
                    .or(payload.downcast_ref::<&str>().map(|s| s.to_string()))
                    .expect("a message");
                assert!(
                    wanted.iter().all(|w| text.contains(w)),
                    "{n} threads: {text}"
                );
                let ran = AtomicUsize::new(0);
                region(team(n), (), |cx, ()| {
                    cx.for_each(Dynamic(1), 0..20, (), |_, ()| {
                        ran.fetch_add(1, Ordering::Relaxed);
                    });
                    cx.barrier();
                });
                assert_eq!(ran.into_inner(), 20);
            }
        }
    });
}

fn team(n: usize) -> Options {
    Options::new().num_threads(n)
}

/// A place in this file.
const HERE: &str = "region_panics.rs:";
const DIFFERENT: &str = "the threads of a team meet in different constructs";

#[test]
fn a_thread_that_leaves_early() {
    ends_with(
        &[DIFFERENT, "a barrier at", "the end of the region at", HERE],
        |n| {
            region(team(n), (), |cx, ()| {
                if cx.thread_num() != 0 {
                    cx.barrier();
                }
            });
        },
    );
}

#[test]
fn a_thread_that_skips_a_loop() {
    ends_with(&[DIFFERENT, "a worksharing loop at", "a barrier at"], |n| {
        region(team(n), (), |cx, ()| {
            if cx.thread_num() != 1 {
                cx.for_each(Static, 0..4, (), |_, ()| ());
            }
            cx.barrier();
        });
    });
}

#[test]
fn a_panic_reaches_the_thread_that_forked() {
    ends_with(&["mine"], |n| {
        region(team(n), (), |cx, ()| {
            if cx.thread_num() == 1 {
                panic!("mine");
            }
            cx.barrier();
        });
    });
    ends_with(&["seven"], |n| {
        region(team(n), (), |cx, ()| {
            cx.for_each(Dynamic(1), 0..1000, (), |i, ()| assert!(i != 7, "seven"));
            unreachable!("no thread passes that loop's barrier");
        });
    });
    ends_with(&["in order"], |n| {
        region(team(n), (), |cx, ()| {
            cx.for_each_ordered(Dynamic(1), 0..100, (), (), |i, (), turn| {
                turn.take(|()| assert!(i != 30, "in order"));
            });
        });
    });
}

#[test]
fn views_that_differ() {
    ends_with(&[DIFFERENT, "arrays differ"], |n| {
        let (mut a, mut b) = (vec![0; 9], vec![0; 9]);
        region(team(n), (&mut a, &mut b), |cx, (mut a, mut b)| {
            if cx.thread_num() == 1 {
                std::mem::swap(&mut a, &mut b);
            }
            cx.for_each(Static, a.items_mut(), b.reading(), |x, b| *x = b[0]);
        });
    });
    ends_with(&[DIFFERENT, "length"], |n| {
        let mut a = vec![0; 99];
        region(team(n), &mut a, |cx, mut a| {
            let (mut low, high) = a.split_at_mut(10 + cx.thread_num());
            cx.for_each(Static, low.items_mut(), high.reading(), |x, h| *x = h[0]);
        });
    });
    ends_with(&[DIFFERENT, "schedule"], |n| {
        let mut a = vec![0; 99];
        region(team(n), &mut a, |cx, mut a| {
            let chunk = 1 + cx.thread_num();
            cx.for_each(StaticChunk(chunk), a.items_mut(), (), |x, ()| *x = 1);
        });
    });
}

/// One place, many types.
fn give<R: Clone + Send + Sync + Default + 'static>(cx: &mut Ctx) {
    cx.single((), (), |(), ()| R::default());
}

/// One place, two constructs.
#[track_caller]
fn either(cx: &mut Ctx, reduce: bool) {
    if reduce {
        cx.reduce(Static, 0..4, (), ops::Add, 0u64, |_, _, ()| ());
    } else {
        cx.for_each(Static, 0..4, (), |_, ()| ());
    }
}

#[test]
fn types_that_differ() {
    ends_with(&[DIFFERENT, "type"], |n| {
        region(team(n), (), |cx, ()| match cx.thread_num() {
            0 => give::<String>(cx),
            _ => give::<[usize; 3]>(cx),
        });
    });
    ends_with(&[DIFFERENT], |n| {
        region(team(n), (), |cx, ()| either(cx, cx.thread_num() == 0));
    });
}

#[test]
fn masked_threads_that_differ_or_do_not_exist() {
    ends_with(&[DIFFERENT, "masked at"], |n| {
        region(team(n), (), |cx, ()| {
            let by = cx.thread_num();
            cx.masked_by(by, (), (), |(), ()| ());
        });
    });
    ends_with(
        &["masked by thread 9 of a team of", "so there is no value"],
        |n| {
            region(team(n), (), |cx, ()| {
                cx.masked_by(9, (), (), |(), ()| 1);
            });
        },
    );
}

#[test]
fn a_recursion_of_different_depths() {
    fn descend(cx: &mut Ctx, depth: usize) {
        if depth > 0 {
            cx.for_each(Static, 0..8, (), |_, ()| ());
            descend(cx, depth - 1);
        }
    }
    ends_with(&[DIFFERENT], |n| {
        region(team(n), (), |cx, ()| {
            descend(cx, 3 + usize::from(cx.thread_num() == 1))
        });
    });
}

#[test]
fn what_the_body_catches_does_not_save_the_region() {
    ends_with(&["second"], |n| {
        region(team(n), (), |cx, ()| {
            let num = cx.thread_num();
            // Outside of constructs a panic may be caught.
            let caught = catch_unwind(|| assert!(num != 0, "first"));
            assert_eq!(caught.is_err(), num == 0);
            cx.barrier();
            if num == 1 {
                panic!("second");
            }
            cx.barrier();
        });
    });
    ends_with(&["caught by its body"], |n| {
        let mut a = vec![0u64; 64];
        region(team(n), &mut a, |cx, mut a| {
            let num = cx.thread_num();
            let _ = catch_unwind(AssertUnwindSafe(|| {
                cx.for_each(Static, a.items_mut(), (), |x, ()| {
                    assert!(num != 0, "inner");
                    *x += 1;
                });
            }));
            let _ = catch_unwind(AssertUnwindSafe(|| {
                cx.for_each(Dynamic(1), a.items_mut(), (), |_, ()| unreachable!());
            }));
        });
    });
}

/// A thread that is refused and catches that must not go on alone.
#[test]
fn a_mismatch_that_is_caught_still_ends_the_region() {
    ends_with(&["caught by its body"], |n| {
        let mut a = vec![0u64; 64];
        let astray = AtomicUsize::new(0);
        region(team(n), &mut a, |cx, mut a| {
            let skips = cx.thread_num() == 1;
            let _ = catch_unwind(AssertUnwindSafe(|| {
                if !skips {
                    cx.for_each(Static, a.items_mut(), (), |x, ()| *x += 1);
                }
                cx.barrier();
            }));
            let _ = catch_unwind(AssertUnwindSafe(|| {
                cx.for_each(Static, a.items_mut(), (), |_, ()| {
                    astray.fetch_add(1, Ordering::Relaxed);
                });
            }));
        });
    });
}

#[test]
fn a_second_turn() {
    ends_with(&["iteration 3 of an ordered loop has had its turn"], |n| {
        region(team(n), (), |cx, ()| {
            cx.for_each_ordered(Static, 0..4, (), (), |i, (), turn| {
                turn.take(|()| ());
                if i == 3 {
                    turn.take(|()| ());
                }
            });
        });
    });
}

#[test]
fn parts_of_unequal_lengths_and_chunks_of_nothing() {
    ends_with(&["different lengths [4, 5]"], |n| {
        let mut a = vec![0; 5];
        region(team(n), &mut a, |cx, mut a| {
            cx.for_each(Static, (0..4, a.items_mut()), (), |_, ()| ());
        });
    });
    ends_with(&["a chunk holds at least one iteration"], |n| {
        region(team(n), (), |cx, ()| {
            cx.for_each(Dynamic(0), 0..4, (), |_, ()| ())
        });
    });
    ends_with(&["split at 6 of a view of 5 elements"], |n| {
        let mut a = vec![0; 5];
        region(team(n), &mut a, |_, mut a| _ = a.split_at_mut(6).0.len());
    });
}

#[test]
fn values_left_in_a_region_that_panics_are_dropped_once() {
    static ALIVE: AtomicUsize = AtomicUsize::new(0);
    struct Counted;
    impl Counted {
        fn new() -> Self {
            ALIVE.fetch_add(1, Ordering::Relaxed);
            Counted
        }
    }
    impl Clone for Counted {
        fn clone(&self) -> Self {
            Counted::new()
        }
    }
    impl Drop for Counted {
        fn drop(&mut self) {
            ALIVE.fetch_sub(1, Ordering::Relaxed);
        }
    }
    watched(|| {
        for n in [1, 2, 4] {
            region(team(n), (), |cx, ()| {
                for _ in 0..20 {
                    let _ = cx.single((), (), |(), ()| Counted::new());
                }
            });
            assert_eq!(ALIVE.load(Ordering::Relaxed), 0);
            let r = catch_unwind(AssertUnwindSafe(|| {
                region(team(n), (), |cx, ()| {
                    let _ = cx.single((), (), |(), ()| Counted::new());
                    cx.single((), (), |(), ()| panic!("after"));
                });
            }));
            assert!(r.is_err());
            region(team(n), (), |cx, ()| cx.barrier());
            assert_eq!(ALIVE.load(Ordering::Relaxed), 0, "{n} threads");
        }
    });
}

/// A thread that has gone elsewhere while another one waits for it inside a construct.
#[test]
fn a_thread_that_is_waited_for_inside_a_construct() {
    ends_with(&[DIFFERENT, "an ordered loop at"], |n| {
        region(team(n), (), |cx, ()| {
            for round in 0..3 {
                cx.barrier();
                if round < 2 || cx.thread_num() != 0 {
                    cx.for_each_ordered(StaticChunk(1), 0..2 * n, (), (), |_, (), turn| {
                        turn.take(|()| ());
                    });
                }
            }
        });
    });
    ends_with(&[DIFFERENT, "a worksharing loop at"], |n| {
        let place = Handoff::new();
        let mut a = vec![0; 2 * n];
        region(team(n), &mut a, |cx, mut a| {
            for _ in 0..3 {
                cx.barrier();
            }
            if cx.thread_num() != 0 {
                // The last iteration waits for what the first would put.
                let source = (0..2 * n, a.items_mut());
                cx.for_each(Static, source, (), |(i, x), ()| match i {
                    0 => place.put(1),
                    i if i == 2 * n - 1 => *x = place.take(),
                    _ => {}
                });
            }
            for _ in 0..3 {
                cx.barrier();
            }
        });
    });
    ends_with(&[DIFFERENT], |n| {
        region(team(n), (), |cx, ()| {
            cx.barrier();
            if cx.thread_num() != n - 1 {
                cx.nowait(|scope| {
                    for _ in 0..20 {
                        scope.for_each(Dynamic(1), 0..9, (), |_, ()| ());
                    }
                });
            }
        });
    });
}
