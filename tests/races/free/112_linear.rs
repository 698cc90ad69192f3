//! N-linear: a second index that advances with the first, computed from it.

use crate::team::{LENGTHS, Team};
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, a: &[f64], b: &[f64], c: &mut [f64]) -> usize {
    let first = 0;
    let mut j = first;
    #[parallel_for(schedule(runtime), num_threads(team.threads), disjoint(c), lastprivate(j))]
    for i in 0..a.len() {
        c[i] = a[i] * b[first + i];
        j = first + i + 1;
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
