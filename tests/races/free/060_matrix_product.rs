//! N-doall-2d-rows: a matrix product, a row of the result each iteration.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, a: &Grid2<f64>, b: &Grid2<f64>, c: &mut Grid2<f64>) {
    let (rows, cols) = c.shape();
    #[parallel_for(schedule(runtime), num_threads(team.threads), disjoint(c))]
    for i in 0..rows {
        for k in 0..b.rows_len() {
            for j in 0..cols {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
}

pub fn run(team: &Team) {
    let (n, inner, m) = (23, 17, 29);
    let a = Grid2::from_fn(Static, n, inner, |i, j| (i + 2 * j) as f64);
    let b = Grid2::from_fn(Static, inner, m, |i, j| (3 * i + j) as f64);
    let mut c = Grid2::filled(n, m, 0.0);
    let mut want = c.clone();
    for i in 0..n {
        for k in 0..inner {
            for j in 0..m {
                want[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    parallel(team, &a, &b, &mut c);
    assert_eq!(c, want);
}
