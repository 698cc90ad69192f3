//! N-collapse: two loops as one, each iteration with a cell of its own.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, a: &mut Grid2<usize>) {
    let (rows, cols) = a.shape();
    #[parallel_for(schedule(runtime), num_threads(team.threads), collapse(2), disjoint(a))]
    for i in 0..rows {
        for j in 0..cols {
            a[i][j] += i + j;
        }
    }
}

pub fn run(team: &Team) {
    for (rows, cols) in [(0, 3), (3, 0), (1, 1), (7, 13), (100, 100)] {
        let mut a = Grid2::filled(rows, cols, 5);
        let mut want = a.clone();
        for i in 0..rows {
            for j in 0..cols {
                want[i][j] += i + j;
            }
        }
        parallel(team, &mut a);
        assert_eq!(a, want);
    }
}
