//! N-doall-2d-rows: rows are independent, and the elements of a row are not.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, b: &mut Grid2<f64>) {
    let (rows, cols) = b.shape();
    #[parallel_for(schedule(runtime), num_threads(team.threads), disjoint(b))]
    for i in 0..rows {
        for j in 1..cols {
            b[i][j] += b[i][j - 1];
        }
    }
}

pub fn run(team: &Team) {
    for (rows, cols) in [(1, 1), (3, 8), (100, 100)] {
        let mut b = Grid2::from_fn(Static, rows, cols, |i, j| (i + j) as f64);
        let mut want = b.clone();
        for i in 0..rows {
            for j in 1..cols {
                want[i][j] += want[i][j - 1];
            }
        }
        parallel(team, &mut b);
        assert_eq!(b, want);
    }
}
