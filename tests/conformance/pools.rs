//! Explicit pools: size, names, hooks, several visitors, a clean end.

use crate::support::watched;
use phalanx::prelude::*;
use phalanx::{Pool, PoolError};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

#[test]
fn a_pool_has_its_own_size_names_and_hooks() {
    watched(|| {
        let (started, ended) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (s, e) = (started.clone(), ended.clone());
        let pool = Pool::builder()
            .num_threads(4)
            .name(|k| format!("w{k}"))
            .stack_size(1 << 20)
            .on_start(move |_| {
                s.fetch_add(1, Ordering::SeqCst);
            })
            .on_exit(move |_| {
                e.fetch_add(1, Ordering::SeqCst);
            })
            .build()
            .unwrap();
        let names = Mutex::new(BTreeSet::new());
        pool.install(|| {
            assert_eq!(phalanx::max_threads(), 4);
            parallel_for(Static, 0..4, |_| {
                assert_eq!(phalanx::num_threads(), 4);
                if phalanx::thread_num() > 0 {
                    names
                        .lock()
                        .unwrap()
                        .insert(std::thread::current().name().unwrap().to_owned());
                }
            });
        });
        let names = names.into_inner().unwrap();
        assert_eq!(
            names.iter().map(String::as_str).collect::<Vec<_>>(),
            ["w1", "w2", "w3"]
        );
        assert_eq!(
            (started.load(Ordering::SeqCst), ended.load(Ordering::SeqCst)),
            (3, 0)
        );
        drop(pool);
        assert_eq!(
            (started.load(Ordering::SeqCst), ended.load(Ordering::SeqCst)),
            (3, 3)
        );
    });
}

#[test]
fn visitors_do_not_disturb_each_other() {
    watched(|| {
        let pool = Pool::builder().num_threads(3).build_started().unwrap();
        std::thread::scope(|s| {
            for _ in 0..4 {
                s.spawn(|| {
                    for _ in 0..100 {
                        let sum = pool.install(|| {
                            parallel_reduce(Dynamic(4), 0..300usize, ops::Add, 0, |s, i| *s += i)
                        });
                        assert_eq!(sum, 44_850);
                    }
                });
            }
        });
        // A pool inside a pool, and the same one inside itself.
        let n = pool.install(|| pool.install(phalanx::max_threads));
        assert_eq!(n, 3);
    });
}

#[test]
fn a_panic_leaves_the_pool_and_the_thread_in_order() {
    watched(|| {
        let pool = Pool::builder().num_threads(2).build().unwrap();
        let before = phalanx::max_threads();
        for _ in 0..10 {
            let r = std::panic::catch_unwind(|| {
                pool.install(|| parallel_for(Static, 0..2, |i| assert!(i != 1, "one")));
            });
            assert!(r.is_err());
        }
        assert_eq!(phalanx::max_threads(), before);
        assert_eq!(pool.install(phalanx::max_threads), 2);
    });
}

#[test]
fn what_cannot_be_had_is_named() {
    let e = Pool::builder().num_threads(0).build().unwrap_err();
    assert!(matches!(e, PoolError::NoThreads));
    let e = Pool::builder()
        .num_threads(1 << 40)
        .build()
        .unwrap_err()
        .to_string();
    assert!(
        e.contains("1099511627776") && e.contains("thread limit"),
        "{e}"
    );
    for bad in ["{0,", "{99999}", "nowhere"] {
        let e = Pool::builder().places(bad).build().unwrap_err().to_string();
        assert!(e.contains(bad) && e.contains("no pool was built"), "{e}");
    }
}

#[test]
fn threads_come_and_go_cleanly() {
    watched(|| {
        for _ in 0..50 {
            std::thread::spawn(|| parallel_for(Static.num_threads(3), 0..3, |_| ()))
                .join()
                .unwrap();
        }
        phalanx::pause_resources();
        parallel_for(Static.num_threads(2), 0..2, |_| ());
        phalanx::pause_resources();
    });
}
