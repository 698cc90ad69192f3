//! N-doall-1d: two arrays that cannot be one, under a schedule of the loop's own.

use crate::team::{LENGTHS, Team};
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, sums: &mut [f64], counts: &mut [f64]) {
    #[parallel_for(schedule(static), num_threads(team.threads), disjoint(sums, counts))]
    for i in 0..sums.len() {
        sums[i] = 0.0;
        counts[i] = i as f64 * 2.5;
    }
}

pub fn run(team: &Team) {
    for n in LENGTHS {
        let (mut sums, mut counts) = (vec![1.0; n], vec![1.0; n]);
        let (mut want_sums, mut want_counts) = (sums.clone(), counts.clone());
        for i in 0..n {
            want_sums[i] = 0.0;
            want_counts[i] = i as f64 * 2.5;
        }
        parallel(team, &mut sums, &mut counts);
        assert_eq!((sums, counts), (want_sums, want_counts));
    }
}
