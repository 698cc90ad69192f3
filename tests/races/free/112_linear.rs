//! N-linear: a second index that advances with the first.

use crate::team::{LENGTHS, Team};
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, a: &[f64], b: &[f64], c: &mut [f64]) -> usize {
    let mut j = 0usize;
    #[parallel_for(schedule(runtime), num_threads(team.threads), disjoint(c), linear(j: 1))]
    for i in 0..a.len() {
        c[j] = a[i] * b[j];
        j += 1;
    }
    j
}

pub fn run(team: &Team) {
    for n in LENGTHS {
        let a: Vec<f64> = (0..n).map(|i| i as f64 / 2.0).collect();
        let b: Vec<f64> = (0..n).map(|i| i as f64 / 3.0).collect();
        let (mut c, mut want) = (vec![7.0; n], vec![7.0; n]);
        let mut j = 0;
        for i in 0..n {
            want[j] = a[i] * b[j];
            j += 1;
        }
        assert_eq!(parallel(team, &a, &b, &mut c), j);
        assert_eq!(c, want);
    }
}
