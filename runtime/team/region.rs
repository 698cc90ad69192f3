//! A bare region: the same function on every thread, and a barrier. What regions are built on.

use super::{Team, with_team};
use crate::sync::barrier::Round;
use crate::sync::patience::{Patience, WaitPolicy};
use crate::team::options::Options;
use std::cell::RefCell;
use std::panic::resume_unwind;
use std::time::Duration;

/// One thread's membership in the team of a bare region.
pub struct Member<'t> {
    team: &'t Team,
    num: usize,
    waiting: RefCell<(Round, Patience)>,
}

/// The payload with which a thread leaves a region that another thread's panic ended.
struct TeamStopped;

impl Member<'_> {
    /// The thread's number in the team.
    pub fn num(&self) -> usize {
        self.num
    }
    /// Threads in the team.
    pub fn size(&self) -> usize {
        self.team.size()
    }
    /// Waits until all threads of the team are here. All must come here equally often.
    ///
    /// # Panics
    ///
    /// When a thread of the team panicked: this one then leaves the region too.
    pub fn barrier(&self) {
        let (round, patience) = &mut *self.waiting.borrow_mut();
        if self.team.barrier(self.num, round, patience).is_err() {
            resume_unwind(Box::new(TeamStopped));
        }
    }
}

/// Runs `f` once on each thread of a team.
///
/// # Panics
///
/// With the first payload that a thread panicked with.
pub fn spmd(options: &Options, f: impl Fn(&Member<'_>) + Sync) {
    let ended = with_team(options, |fork| {
        fork.run(&|team: &Team, num| {
            let patience = Patience::new(WaitPolicy::adaptive(Duration::from_millis(1)), 0);
            f(&Member {
                team,
                num,
                waiting: RefCell::new((Round::default(), patience)),
            });
        })
    });
    if let Err(panics) = ended {
        panics.resume();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn nobody_passes_before_all_are_there() {
        for n in [1, 2, 3, 8] {
            let arrived = AtomicUsize::new(0);
            spmd(&Options::new().num_threads(n), |m| {
                for round in 1..=200 {
                    arrived.fetch_add(1, Ordering::Relaxed);
                    m.barrier();
                    assert!(arrived.load(Ordering::Relaxed) >= round * m.size());
                    m.barrier();
                }
            });
            assert_eq!(arrived.into_inner(), 200 * n);
        }
    }

    #[test]
    fn a_panic_frees_those_who_wait() {
        for n in [2, 4] {
            for _ in 0..50 {
                let r = catch_unwind(AssertUnwindSafe(|| {
                    spmd(&Options::new().num_threads(n), |m| {
                        if m.num() == 1 {
                            std::panic::resume_unwind(Box::new("one"));
                        }
                        m.barrier();
                        unreachable!("thread 1 never arrives");
                    });
                }));
                assert_eq!(r.unwrap_err().downcast_ref(), Some(&"one"));
            }
        }
    }
}
