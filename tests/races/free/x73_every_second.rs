//! N-doall-1d: each iteration owns a pair of elements and writes one from the other.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, a: &mut [i32]) {
    #[parallel_for(schedule(runtime), num_threads(team.threads))]
    for pair in chunks_mut(a, 2) {
        if let [first, second] = pair {
            *second = *first + 1;
        }
    }
}

pub fn run(team: &Team) {
    for n in [0, 1, 2, 7, 2000] {
        let mut a: Vec<i32> = (0..n).map(|i| i * i % 31).collect();
        let mut want = a.clone();
        for i in 0..want.len() / 2 {
            want[2 * i + 1] = want[2 * i] + 1;
        }
        parallel(team, &mut a);
        assert_eq!(a, want);
    }
}
