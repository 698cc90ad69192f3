//! N-doall+simd: chunks of 64 on demand, each iteration with an element of its own.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, a: &[f64], b: &[f64], c: &mut [f64]) {
    #[parallel_for(schedule(dynamic, 64), num_threads(team.threads), disjoint(c))]
    for i in 0..c.len() {
        c[i] = c[i] + a[i] * b[i];
    }
}

pub fn run(team: &Team) {
    for n in [1, 63, 64, 65, 1000, 4097] {
        let a: Vec<f64> = (0..n).map(|i| i as f64).collect();
        let b: Vec<f64> = (0..n).map(|i| (i % 7) as f64).collect();
        let (mut c, mut want) = (vec![1.0; n], vec![1.0; n]);
        for i in 0..n {
            want[i] = want[i] + a[i] * b[i];
        }
        parallel(team, &a, &b, &mut c);
        assert_eq!(c, want);
    }
}
