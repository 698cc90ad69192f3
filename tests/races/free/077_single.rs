//! N-master-single: one thread counts, whichever it is.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, times: u32) -> (u32, u32) {
    let mut count = 0u32;
    let seen = Atomic::new(0);
    #[parallel(num_threads(team.threads), shared(count))]
    {
        for _ in 0..times {
            let now = #[single(writes(count))]
            {
                *count += 1;
                *count
            };
            seen.add(now);
        }
    }
    (count, seen.into_inner())
}

pub fn run(team: &Team) {
    let mut want = 0;
    for k in 1..=20 {
        want += k * team.threads as u32;
    }
    assert_eq!(parallel(team, 20), (20, want));
}
