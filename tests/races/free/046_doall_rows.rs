//! N-doall-2d-rows: each iteration changes a row of its own.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, a: &mut Grid2<i64>) {
    let (rows, cols) = a.shape();
    #[parallel_for(schedule(runtime), num_threads(team.threads), disjoint(a))]
    for i in 0..rows {
        for j in 0..cols {
            a[i][j] += 1;
        }
    }
}

pub fn run(team: &Team) {
    for (rows, cols) in [(0, 4), (1, 1), (5, 3), (100, 100)] {
        let mut a = Grid2::from_fn(Static, rows, cols, |i, j| (10 * i + j) as i64);
        let mut want = a.clone();
        for i in 0..rows {
            for j in 0..cols {
                want[i][j] += 1;
            }
        }
        parallel(team, &mut a);
        assert_eq!(a, want);
    }
}
