//! N-atomic: every thread advances an atomic variable.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, times: usize) -> (usize, f64) {
    let (a, x) = (Atomic::new(0), Atomic::new(0.0));
    #[parallel(num_threads(team.threads))]
    {
        for _ in 0..times {
            a.add(1);
            x.add(0.5);
        }
    }
    (a.into_inner(), x.into_inner())
}

pub fn run(team: &Team) {
    let (mut a, mut x) = (0, 0.0);
    for _ in 0..100 * team.threads {
        a += 1;
        x += 0.5;
    }
    assert_eq!(parallel(team, 100), (a, x));
}
