//! The barrier: what comes before is visible after, nobody sleeps for ever, a stop frees all.

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use phalanx::__model::{Barrier, Patience, Round, Stop, Stopped, WaitPolicy};

fn patience() -> Patience {
    Patience::new(WaitPolicy::passive(), 0)
}

#[test]
fn each_sees_what_the_other_did_before() {
    loom::model(|| {
        let shared = Arc::new((
            Barrier::new(2),
            UnsafeCell::new(0),
            UnsafeCell::new(0),
            Stop::new(),
        ));
        let other = {
            let s = shared.clone();
            loom::thread::spawn(move || {
                let mut round = Round::default();
                // SAFETY: before the barrier only this thread uses the first cell.
                s.1.with_mut(|p| unsafe { *p = 1 });
                assert_eq!(
                    s.0.wait(5, u64::MAX, &s.3, &mut round, &mut patience()),
                    Ok(true)
                );
                // SAFETY: the other thread wrote it before the barrier and does not any more.
                assert_eq!(s.2.with(|p| unsafe { *p }), 2);
            })
        };
        let mut round = Round::default();
        // SAFETY: as above, for the second cell.
        shared.2.with_mut(|p| unsafe { *p = 2 });
        assert_eq!(
            shared
                .0
                .wait(5, u64::MAX, &shared.3, &mut round, &mut patience()),
            Ok(true)
        );
        // SAFETY: as above.
        assert_eq!(shared.1.with(|p| unsafe { *p }), 1);
        other.join().unwrap();
    });
}

#[test]
fn two_rounds_of_two() {
    loom::model(|| {
        let shared = Arc::new((Barrier::new(2), UnsafeCell::new(0), Stop::new()));
        let part = |s: Arc<(Barrier, UnsafeCell<i32>, Stop)>, writes: bool| {
            let mut round = Round::default();
            if writes {
                // SAFETY: the other thread reads only after the first barrier.
                s.1.with_mut(|p| unsafe { *p = 7 });
            }
            assert_eq!(
                s.0.wait(5, u64::MAX, &s.2, &mut round, &mut patience()),
                Ok(true)
            );
            // SAFETY: nobody writes between the two barriers.
            assert_eq!(s.1.with(|p| unsafe { *p }), 7);
            assert_eq!(
                s.0.wait(5, u64::MAX, &s.2, &mut round, &mut patience()),
                Ok(true)
            );
            if writes {
                // SAFETY: after the second barrier nobody reads.
                s.1.with_mut(|p| unsafe { *p = 8 });
            }
        };
        let other = {
            let s = shared.clone();
            loom::thread::spawn(move || part(s, false))
        };
        part(shared, true);
        other.join().unwrap();
    });
}

#[test]
fn a_stop_frees_who_waits() {
    loom::model(|| {
        let barrier = Arc::new((Barrier::new(2), Stop::new()));
        let waiter = {
            let b = barrier.clone();
            loom::thread::spawn(move || {
                b.0.wait(5, u64::MAX, &b.1, &mut Round::default(), &mut patience())
            })
        };
        barrier.1.set();
        barrier.0.stop();
        assert_eq!(waiter.join().unwrap(), Err(Stopped));
    });
}

/// A thread that has met the others gives the team up while one of them is still leaving: that one finds either
/// that all have brought the same, or that the team was given up, never that somebody is elsewhere.
#[test]
fn a_stop_while_a_thread_leaves() {
    loom::model(|| {
        let barrier = Arc::new((Barrier::new(2), Stop::new()));
        let leaves = {
            let b = barrier.clone();
            loom::thread::spawn(move || {
                b.0.wait(5, u64::MAX, &b.1, &mut Round::default(), &mut patience())
            })
        };
        let mut round = Round::default();
        let met = barrier
            .0
            .wait(5, u64::MAX, &barrier.1, &mut round, &mut patience());
        assert_eq!(met, Ok(true));
        barrier.1.set();
        barrier.0.stop();
        assert!(matches!(leaves.join().unwrap(), Ok(true) | Err(Stopped)));
    });
}

/// One leaves without waiting, the other one waits, having brought something else: it sees that, and does not
/// wait for ever.
#[test]
fn who_waits_for_one_that_left() {
    for (left, waits) in [(5, 5), (5, 6)] {
        loom::model(move || {
            let shared = Arc::new((Barrier::new(2), Stop::new()));
            let other = {
                let s = shared.clone();
                loom::thread::spawn(move || {
                    let mut round = Round::default();
                    assert!(s.0.arrive(left, u64::MAX, &s.1, &mut round, &mut patience()));
                    round
                })
            };
            let mut round = Round::default();
            let met = shared
                .0
                .wait(waits, u64::MAX, &shared.1, &mut round, &mut patience());
            assert_eq!(met, Ok(left == waits));
            // The join orders what `agreed` looks at.
            let round = other.join().unwrap();
            assert_eq!(shared.0.agreed(&round), left == waits);
        });
    }
}
