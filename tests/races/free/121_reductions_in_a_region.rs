//! N-reduction: two loops of a region reduce, and the region reduces what its threads made of that.

use crate::team::{LENGTHS, Team};
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, n: u64) -> u64 {
    let mut var = 0;
    #[parallel(num_threads(team.threads), reduction(+: var))]
    {
        let (mut sum1, mut sum2) = (0, 0);
        #[for_each(schedule(runtime), reduction(+: sum1))]
        for i in 0..n {
            sum1 += i;
        }
        #[for_each(schedule(runtime), reduction(+: sum2))]
        for i in 0..n {
            sum2 += i;
        }
        var = sum1 + sum2;
    }
    var
}

pub fn run(team: &Team) {
    for n in LENGTHS {
        let mut sum = 0;
        for i in 0..n as u64 {
            sum += i;
        }
        assert_eq!(parallel(team, n as u64), 2 * sum * team.threads as u64);
    }
}
