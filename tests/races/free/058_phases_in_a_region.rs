//! N-stencil-phases-in-region: in one region, one loop copies the field and the next one writes it anew.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, u: &mut Grid2<f64>, f: &Grid2<f64>, steps: usize) -> f64 {
    let (rows, cols) = u.shape();
    let mut old = u.clone();
    let mut error = 0.0f64;
    #[parallel(num_threads(team.threads), shared(u, old, error))]
    {
        for _ in 0..steps {
            #[for_each(schedule(runtime), reads(u), disjoint(old))]
            for i in 0..rows {
                for j in 0..cols {
                    old[i][j] = u[i][j];
                }
            }
            #[for_each(schedule(runtime), reads(old), disjoint(u), reduction(+: error))]
            for i in 1..rows - 1 {
                for j in 1..cols - 1 {
                    let around = old[i - 1][j] + old[i + 1][j] + old[i][j - 1] + old[i][j + 1];
                    let rest = 0.25 * around - old[i][j] + f[i][j];
                    u[i][j] = old[i][j] + 0.5 * rest;
                    error += rest * rest;
                }
            }
        }
    }
    error
}

pub fn run(team: &Team) {
    // All values are small multiples of a power of two, so that no order of the sums rounds.
    let start = Grid2::from_fn(Static, 20, 13, |i, j| ((i * 7 + j * 3) % 8) as f64);
    let f = Grid2::from_fn(Static, 20, 13, |i, j| ((i + j) % 4) as f64);
    let (mut want, mut want_error) = (start.clone(), 0.0);
    for _ in 0..3 {
        let old = want.clone();
        for i in 1..19 {
            for j in 1..12 {
                let around = old[i - 1][j] + old[i + 1][j] + old[i][j - 1] + old[i][j + 1];
                let rest = 0.25 * around - old[i][j] + f[i][j];
                want[i][j] = old[i][j] + 0.5 * rest;
                want_error += rest * rest;
            }
        }
    }
    let mut u = start;
    let error = parallel(team, &mut u, &f, 3);
    assert_eq!((u.as_slice(), error), (want.as_slice(), want_error));
}
