//! N-master-single: one thread sets a variable, and all use it after the barrier.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, value: u64) -> (u64, u64) {
    let mut init = 0u64;
    let sum = Atomic::new(0);
    #[parallel(num_threads(team.threads), shared(init))]
    {
        let local = #[single(writes(init))]
        {
            *init = value;
            value
        };
        sum.add(local);
        // Of an array or a variable that stays shared, each thread reads its own copy.
        let first = #[masked(reads(init))]
        {
            *init + 1
        };
        sum.add(first);
    }
    (init, sum.into_inner())
}

pub fn run(team: &Team) {
    for value in 0..20 {
        let mut want = 0;
        for _ in 0..team.threads {
            want += value + value + 1;
        }
        assert_eq!(parallel(team, value), (value, want));
    }
}
