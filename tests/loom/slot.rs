//! The slots that constructs use in turn: who comes late to a construct without a barrier still finds what its
//! first thread set up, and no thread sets a slot up again while another one may look at it.

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use phalanx::__model::{Arrival, Barrier, Patience, Round, Stop, WaitPolicy};

/// Fewer than the runtime has, so that they come again soon.
const SLOTS: u64 = 2;

struct Shared {
    barrier: Barrier,
    stop: Stop,
    /// What the first thread set up.
    slots: [UnsafeCell<u64>; SLOTS as usize],
    /// What each thread leaves for the other.
    places: [[UnsafeCell<u64>; 2]; SLOTS as usize],
}

impl Shared {
    fn new() -> Arc<Self> {
        let cell = || UnsafeCell::new(0);
        Arc::new(Shared {
            barrier: Barrier::new(2),
            stop: Stop::new(),
            slots: std::array::from_fn(|_| cell()),
            places: std::array::from_fn(|_| std::array::from_fn(|_| cell())),
        })
    }

    fn meet(&self, round: &mut Round) {
        let mut patience = Patience::new(WaitPolicy::passive(), 0);
        let met = self
            .barrier
            .wait(1, u64::MAX, &self.stop, round, &mut patience);
        assert_eq!(met, Ok(true));
    }
}

fn on_two_threads(part: impl Fn(&Shared, usize) + Send + Sync + Copy + 'static) {
    let mut model = loom::model::Builder::new();
    // All orders with so many preemptions: without a bound they are too many to walk through.
    model.preemption_bound = Some(3);
    model.check(move || {
        let shared = Shared::new();
        let other = {
            let s = shared.clone();
            loom::thread::spawn(move || part(&s, 1))
        };
        part(&shared, 0);
        other.join().unwrap();
    });
}

/// Constructs that nobody waits for: all meet before a slot comes again.
#[test]
fn without_barriers() {
    on_two_threads(|s, _| {
        let (mut round, mut left) = (Round::default(), 1);
        for number in 1..=3 {
            if number >= left + SLOTS {
                s.meet(&mut round);
                left = number;
            }
            let slot = &s.slots[(number % SLOTS) as usize];
            match s.barrier.turn().arrive(number, &s.stop).unwrap() {
                Arrival::First => {
                    // SAFETY: this thread has the turn, and both have left the slot's last construct.
                    slot.with_mut(|v| unsafe { *v = number });
                    s.barrier.turn().state(number, 0);
                }
                // SAFETY: it is set up, and not again before this thread has met the other one.
                _ => assert_eq!(slot.with(|v| unsafe { *v }), number),
            }
        }
    });
}

/// Values that threads leave for each other: read after the construct's barrier, written again when the slot
/// comes again, one barrier later.
#[test]
fn values() {
    on_two_threads(|s, me| {
        let mut round = Round::default();
        for number in 1..=3 {
            let places = &s.places[(number % SLOTS) as usize];
            // SAFETY: the other thread has left the slot's last construct: it has arrived at the next one's
            // barrier since.
            places[me].with_mut(|v| unsafe { *v = number });
            s.meet(&mut round);
            // SAFETY: written before the barrier, and not again before this thread arrives at the next one.
            assert_eq!(places[1 - me].with(|v| unsafe { *v }), number);
        }
    });
}
