//! Cancelling a group by request.

use crate::support::on_teams;
use phalanx::prelude::*;

#[test]
fn what_has_not_begun_is_dropped() {
    on_teams(|_| {
        let ran = Atomic::new(0);
        let kept = std::sync::Arc::new(());
        taskgroup(|tg| {
            tg.cancel();
            assert!(tg.is_cancelled());
            for _ in 0..1000 {
                let (ran, kept) = (&ran, kept.clone());
                tg.task(move |_| {
                    let _kept = kept;
                    ran.add(1);
                });
            }
        });
        assert_eq!(ran.into_inner(), 0);
        assert_eq!(std::sync::Arc::strong_count(&kept), 1);
    });
}

#[test]
fn a_search_ends_early() {
    on_teams(|_| {
        let (looked, found) = (Atomic::new(0u64), Atomic::new(0u64));
        taskgroup(|tg| {
            for k in 0..100_000u64 {
                let (looked, found) = (&looked, &found);
                tg.task(move |tg| {
                    looked.add(1);
                    if k == 777 {
                        found.store(k);
                        tg.cancel();
                    }
                });
            }
        });
        assert_eq!(found.into_inner(), 777);
        assert!(looked.into_inner() >= 1);
        // A group is cancelled alone.
        let mut x = 0;
        taskgroup(|tg| tg.task(|_| x = 1));
        assert_eq!(x, 1);
    });
}

#[test]
fn inner_groups_see_it_and_go_on() {
    on_teams(|_| {
        let ran = Atomic::new(0);
        taskgroup(|tg| {
            tg.task(|tg| {
                tg.cancel();
                tg.group(|inner| {
                    assert!(inner.is_cancelled());
                    inner.task(|_| ran.add(1));
                });
            });
        });
        assert_eq!(ran.into_inner(), 1);
    });
}
