//! R-lock: a function takes the lock that its caller has.

use crate::team::Team;
use phalanx::prelude::*;
use std::cell::Cell;

fn add(sum: &NestLock<Cell<u64>>, by: u64) {
    sum.with(|sum| sum.set(sum.get() + by));
}

#[omp]
fn parallel(team: &Team, times: u64) -> u64 {
    let sum = NestLock::new(Cell::new(0));
    #[parallel(num_threads(team.threads))]
    {
        for k in 0..times {
            sum.with(|outer| {
                let before = outer.get();
                add(&sum, k);
                add(&sum, 1);
                assert_eq!(outer.get(), before + k + 1);
            });
        }
    }
    sum.into_inner().get()
}

pub fn run(team: &Team) {
    let mut want = 0;
    for _ in 0..team.threads {
        for k in 0..50 {
            want += k + 1;
        }
    }
    assert_eq!(parallel(team, 50), want);
}
