//! N-lastprivate: the value that the last iteration leaves is there after the loop.

use crate::team::{LENGTHS, Team};
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, n: usize) -> usize {
    let mut x = 0;
    #[parallel_for(schedule(runtime), num_threads(team.threads), lastprivate(x))]
    for i in 0..n {
        x = i;
    }
    x
}

pub fn run(team: &Team) {
    for n in LENGTHS {
        let mut want = 0;
        for i in 0..n {
            want = i;
        }
        assert_eq!(parallel(team, n), want);
    }
}
