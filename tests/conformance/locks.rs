//! Locks, critical data, hand-overs, atomics and threadprivate data.

use crate::support::{TEAMS, watched};
use phalanx::prelude::*;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn team(n: usize) -> Options {
    Options::new().num_threads(n)
}

/// The message that `test` panics with.
fn message(test: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(test)).expect_err("it must panic");
    payload
        .downcast_ref::<String>()
        .cloned()
        .or(payload.downcast_ref::<&str>().map(|s| s.to_string()))
        .expect("a message")
}

#[test]
fn one_thread_at_a_time() {
    static GLOBAL: Critical<u64> = Critical::new(0);
    watched(|| {
        GLOBAL.with(|n| *n = 0);
        for n in TEAMS {
            let (lock, mut critical, nest) = (
                Lock::new(0u64),
                Critical::new(0u64),
                NestLock::new(Cell::new(0u64)),
            );
            region(team(n), (), |_, ()| {
                for _ in 0..1000 {
                    *lock.lock() += 1;
                    lock.with(|n| *n += 1);
                    critical.with(|n| *n += 1);
                    GLOBAL.with(|n| *n += 1);
                    nest.with(|a| nest.with(|b| b.set(a.get() + 1)));
                }
            });
            let n = 1000 * n as u64;
            assert_eq!((lock.into_inner(), *critical.get_mut()), (2 * n, n));
            assert_eq!(nest.into_inner().get(), n);
        }
        GLOBAL.with(|n| assert_eq!(*n, 1000 * TEAMS.iter().sum::<usize>() as u64));
    });
}

#[test]
fn a_lock_that_is_taken_again_by_its_holder() {
    watched(|| {
        let lock = Lock::new(1);
        let text = message(|| {
            let _first = lock.lock();
            let _second = lock.lock();
        });
        assert!(text.contains("taken by the thread that holds it"), "{text}");
        let critical = Critical::new(1);
        let text = message(|| critical.with(|_| critical.with(|v| *v += 1)));
        assert!(text.contains("taken by the thread that holds it"), "{text}");
        // Both were given back.
        assert_eq!((*lock.lock(), critical.into_inner()), (1, 1));
        assert!(lock.try_lock().is_some());
    });
}

#[test]
fn no_construct_and_no_fork_under_a_lock() {
    watched(|| {
        for n in TEAMS {
            let critical = Critical::new(0);
            let under = [
                message(|| region(team(n), (), |cx, ()| critical.with(|_| cx.barrier()))),
                message(|| {
                    region(team(n), (), |cx, ()| {
                        critical.with(|_| cx.for_each(Static, 0..9, (), |_, ()| ()));
                    });
                }),
                message(|| critical.with(|_| parallel_for(Static.num_threads(n), 0..9, |_| ()))),
                message(|| critical.with(|_| region(team(n), (), |_, ()| ()))),
            ];
            for text in under {
                assert!(text.contains("holds a lock (it took one at "), "{text}");
                assert!(text.contains("locks.rs:"), "{text}");
            }
            // Everything works afterwards.
            region(team(n), (), |cx, ()| {
                critical.with(|v| *v += 1);
                cx.barrier();
            });
            assert_eq!(critical.into_inner(), n);
        }
    });
}

#[test]
fn values_change_hands() {
    watched(|| {
        for n in [2, 3, 4, 8] {
            let place = Handoff::new();
            let (mut sum, mut x) = (0, vec![1, 2, 3]);
            region(team(n), shared(&mut sum), |cx, mut sum| {
                let mut mine = 0u64;
                match cx.thread_num() {
                    0 => (0..100 * (n as u64 - 1)).for_each(|k| place.put(k)),
                    _ => (0..100).for_each(|_| mine += place.take()),
                }
                let all = cx.reduce(Static, 0..cx.num_threads(), (), ops::Add, 0, |s, _, ()| {
                    *s += std::mem::take(&mut mine);
                });
                cx.single(sum.whole_mut(), (), |sum, ()| *sum = all);
            });
            let k = 100 * (n as u64 - 1);
            assert_eq!(sum, k * (k - 1) / 2);
            assert!(place.try_take().is_none());
            // An exclusive borrow.
            let borrows = Handoff::new();
            let back = Handoff::new();
            borrows.put(&mut x);
            region(team(2), (), |cx, ()| match cx.thread_num() {
                0 => {
                    let x: &mut Vec<i32> = borrows.take();
                    x[0] += 1;
                    back.put(x);
                }
                _ => back.take()[1] += 1,
            });
        }
    });
}

#[test]
fn an_event_orders_what_came_before() {
    watched(|| {
        for n in [2, 3, 4, 8] {
            for _ in 0..50 {
                let event = Event::new();
                region(team(n), (), |cx, ()| {
                    if cx.thread_num() == n - 1 {
                        event.set(vec![7; 100]);
                    }
                    assert_eq!(event.wait()[99], 7);
                });
                let text = message(|| event.set(vec![]));
                assert!(text.contains("has happened already"), "{text}");
            }
        }
    });
}

#[test]
fn nobody_waits_for_a_teammate_that_panicked() {
    watched(|| {
        for n in [2, 3, 4, 8] {
            let (event, place) = (Event::<()>::new(), Handoff::<u8>::new());
            let text = message(|| {
                region(team(n), (), |cx, ()| match cx.thread_num() {
                    0 => panic!("the one who would have set it"),
                    1 => _ = event.wait(),
                    _ => _ = place.take(),
                });
            });
            assert_eq!(text, "the one who would have set it");
            // In a combined loop too.
            let text = message(|| {
                parallel_for(StaticChunk(1).num_threads(n), 0..n, |i| match i {
                    0 => panic!("iteration 0"),
                    _ => _ = event.wait(),
                });
            });
            assert_eq!(text, "iteration 0");
        }
    });
}

#[test]
fn atomics_count_every_update() {
    watched(|| {
        for n in TEAMS {
            let (f, g, i) = (Atomic::new(0.0f64), Atomic::new(0.0f32), Atomic::new(0i32));
            let (small, large, bits) = (Atomic::new(9.0), Atomic::new(f64::NAN), Atomic::new(0u64));
            let order = Atomic::new(0usize);
            let mut seen = vec![0u32; 1000];
            let bins = Atomic::from_mut_slice(&mut seen);
            parallel_for(Dynamic(7).num_threads(n), 0..1000i32, |k| {
                f.add(f64::from(k));
                g.sub(1.0);
                i.add(k);
                small.min(f64::from(k % 13) - 5.0);
                large.max(f64::from(k));
                bits.xor(1 << (k % 64));
                bins[order.fetch_add(1)].add(1);
            });
            assert_eq!(
                (f.load(), g.load(), i.load()),
                (499_500.0, -1000.0, 499_500)
            );
            assert_eq!((small.load(), large.load()), (-5.0, 999.0));
            // 1000 = 15 * 64 + 40: the first 40 bits were turned over 16 times, the others 15.
            assert_eq!(bits.into_inner(), !0 << 40);
            assert_eq!(seen, [1; 1000]);
        }
        let mut x = Atomic::new(6);
        assert_eq!(
            (x.mul(7), x.div(2), x.swap(5), x.or(8), x.and(12)),
            (6, 42, 21, 5, 13)
        );
        assert_eq!(x.compare_exchange(12, 1), Ok(12));
        assert_eq!(x.compare_exchange(12, 2), Err(1));
        *x.get_mut() += 1;
        assert_eq!((x.update(|x| x * 10), x.into_inner()), (2, 20));
    });
}

threadprivate! {
    static MINE: u64 = 5;
    static LIST: Vec<usize> = Vec::new();
}

#[test]
fn threads_keep_their_own_values() {
    watched(|| {
        MINE.set(5);
        region(team(4), (), |cx, ()| MINE.set(10 + cx.thread_num() as u64));
        region(team(4), (), |cx, ()| {
            assert_eq!(MINE.get(), 10 + cx.thread_num() as u64);
            LIST.with_mut(|l| l.push(cx.thread_num()));
        });
        MINE.set(77);
        let from_primary = MINE.copyin();
        region(team(4), (), |cx, ()| {
            from_primary.apply();
            assert_eq!(MINE.replace(1), 77);
            LIST.with(|l| assert_eq!(*l, [cx.thread_num()]));
        });
        let text = message(|| MINE.with(|_| MINE.with_mut(|v| *v += 1)));
        assert!(text.contains("in use already"), "{text}");
    });
}
