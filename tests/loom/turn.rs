//! The turn: one thread is first at each construct, the others see what it wrote down, and a board is
//! written again only when everyone has left the construct that used it.

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use phalanx::__model::{Arrival, Barrier, LIGHT, Patience, Round, Stop, WaitPolicy};

struct Shared {
    barrier: Barrier,
    stop: Stop,
    board: UnsafeCell<u64>,
    runs: [UnsafeCell<u64>; 2],
}

impl Shared {
    fn new(threads: usize) -> Arc<Self> {
        Arc::new(Shared {
            barrier: Barrier::new(threads),
            stop: Stop::new(),
            board: UnsafeCell::new(0),
            runs: [UnsafeCell::new(0), UnsafeCell::new(0)],
        })
    }

    /// Enters a construct; returns what it is, and whether this thread was the first.
    fn enter(&self, number: u64) -> (u64, bool) {
        let turn = self.barrier.turn();
        match turn.arrive(number, &self.stop).unwrap() {
            Arrival::First => {
                // SAFETY: this thread has the turn, and the others have left the last construct.
                self.board.with_mut(|b| unsafe { *b = number });
                turn.state(number, 0);
                (number, true)
            }
            // SAFETY: it is stated, and not written again before this thread has arrived at the barrier.
            Arrival::Stated(0) => (self.board.with(|b| unsafe { *b }), false),
            other => panic!("{other:?}"),
        }
    }

    fn meet(&self, round: &mut Round) {
        let mut patience = Patience::new(WaitPolicy::passive(), 0);
        assert_eq!(
            self.barrier
                .wait(1, u64::MAX, &self.stop, round, &mut patience),
            Ok(true)
        );
    }
}

/// `single`: the first to arrive runs it, alone, and what it did is seen by all after the barrier.
#[test]
fn one_is_first_and_the_others_see_it() {
    let mut model = loom::model::Builder::new();
    // All orders with so many preemptions: without a bound they are too many to walk through.
    model.preemption_bound = Some(3);
    model.check(|| {
        let shared = Shared::new(2);
        let part = |s: Arc<Shared>| {
            let mut round = Round::default();
            for number in 1..=2 {
                let (what, first) = s.enter(number);
                assert_eq!(what, number);
                let runs = &s.runs[number as usize - 1];
                if first {
                    // SAFETY: one thread is first, and the others look after the barrier.
                    runs.with_mut(|r| unsafe { *r += 1 });
                }
                s.meet(&mut round);
                // SAFETY: after the barrier nobody writes it.
                assert_eq!(runs.with(|r| unsafe { *r }), 1);
            }
        };
        let other = {
            let s = shared.clone();
            loom::thread::spawn(move || part(s))
        };
        part(shared);
        other.join().unwrap();
    });
}

/// A thread that goes on without a barrier leaves a later number behind.
#[test]
fn a_late_thread_finds_that_it_was_passed() {
    loom::model(|| {
        let shared = Shared::new(2);
        let other = {
            let s = shared.clone();
            loom::thread::spawn(move || {
                let turn = s.barrier.turn();
                for number in 1..=2 {
                    if turn.arrive(number, &s.stop).unwrap() == Arrival::First {
                        turn.state(number, number as usize);
                    }
                }
            })
        };
        let turn = shared.barrier.turn();
        match turn.arrive(1, &shared.stop).unwrap() {
            Arrival::First => turn.state(1, 1),
            Arrival::Stated(index) => assert_eq!(index, 1),
            Arrival::Passed => {}
        }
        other.join().unwrap();
    });
}

/// Claim and statement in one step, by both threads at once: one of them is first.
#[test]
fn at_once() {
    loom::model(|| {
        let shared = Shared::new(2);
        shared.barrier.turn().state(1, 5);
        let part = |s: &Shared| {
            let turn = s.barrier.turn();
            match turn.state_at_once(2, 5) {
                Some(()) => true,
                None => {
                    assert_eq!(turn.arrive(2, &s.stop), Ok(Arrival::Stated(5)));
                    false
                }
            }
        };
        let other = {
            let s = shared.clone();
            loom::thread::spawn(move || part(&s))
        };
        let mine = part(&shared);
        assert_eq!(mine as u8 + other.join().unwrap() as u8, 1);
    });
}

/// A thread that panics in a construct frees those who wait for its statement and at its barrier.
#[test]
fn a_panic_on_its_way() {
    loom::model(|| {
        let shared = Shared::new(2);
        let other = {
            let s = shared.clone();
            loom::thread::spawn(move || {
                // It claims, and gives the team up before it has stated anything.
                let _ = s.barrier.turn().arrive(1, &s.stop);
                s.stop.set();
                s.barrier.stop();
            })
        };
        let mut patience = Patience::new(WaitPolicy::passive(), 0);
        let turn = shared.barrier.turn();
        match turn.arrive(1, &shared.stop) {
            Ok(Arrival::First) => turn.state(1, 0),
            Ok(other) => panic!("nothing was stated: {other:?}"),
            Err(_) => {}
        }
        let met = shared.barrier.wait(
            1,
            u64::MAX,
            &shared.stop,
            &mut Round::default(),
            &mut patience,
        );
        assert!(met.is_err());
        other.join().unwrap();
    });
}

/// One thread claims a construct, another waits at the barrier of the same number as if it were a light one:
/// at least one of them sees it, and the other one is freed.
#[test]
fn a_claim_and_a_light_construct() {
    loom::model(|| {
        let shared = Shared::new(2);
        let give_up = |s: &Shared| {
            s.stop.set();
            s.barrier.stop();
        };
        let other = {
            let s = shared.clone();
            loom::thread::spawn(move || {
                if s.barrier.turn().has_reached(1) {
                    give_up(&s);
                    return true;
                }
                let mut patience = Patience::new(WaitPolicy::passive(), 0);
                let met = s
                    .barrier
                    .wait(LIGHT, 1, &s.stop, &mut Round::default(), &mut patience);
                if met == Ok(false) {
                    give_up(&s);
                }
                met != Ok(true)
            })
        };
        let first = shared.barrier.turn().arrive(1, &shared.stop);
        assert_eq!(first, Ok(Arrival::First));
        if shared.barrier.is_begun(&Round::default()) {
            give_up(&shared);
        } else {
            shared.barrier.turn().state(1, 0);
        }
        // It would now wait for the other one inside the construct.
        assert!(other.join().unwrap());
        assert!(shared.stop.is_set());
    });
}
