//! N-stencil-double-buffer: one buffer from the other, which swap between the loops.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, u: &mut Vec<f64>, next: &mut Vec<f64>, steps: usize) {
    let n = u.len();
    for _ in 0..steps {
        #[parallel_for(schedule(runtime), num_threads(team.threads), disjoint(next))]
        for i in 1..n - 1 {
            next[i] = u[i] + 0.25 * (u[i - 1] - 2.0 * u[i] + u[i + 1]);
        }
        std::mem::swap(u, next);
    }
}

pub fn run(team: &Team) {
    for n in [2, 3, 10, 1000] {
        let mut u: Vec<f64> = (0..n).map(|i| (i * i % 17) as f64).collect();
        let mut next = u.clone();
        let mut want = u.clone();
        for _ in 0..10 {
            let old = want.clone();
            for i in 1..n - 1 {
                want[i] = old[i] + 0.25 * (old[i - 1] - 2.0 * old[i] + old[i + 1]);
            }
        }
        parallel(team, &mut u, &mut next, 10);
        assert_eq!(u, want);
    }
}
