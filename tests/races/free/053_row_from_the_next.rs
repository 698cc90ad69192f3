//! N-inner-parallel-neighbour-row: row after row, the elements of one from those of the next.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, a: &mut Grid2<f64>) {
    let (rows, cols) = a.shape();
    for i in 0..rows - 1 {
        let (above, below) = a.as_mut_slice().split_at_mut((i + 1) * cols);
        let (row, next) = (&mut above[i * cols..], &below[..cols]);
        #[parallel_for(schedule(runtime), num_threads(team.threads), disjoint(row))]
        for j in 0..cols {
            row[j] += next[j];
        }
    }
}

pub fn run(team: &Team) {
    for (rows, cols) in [(1, 5), (2, 1), (20, 20)] {
        let mut a = Grid2::from_fn(Static, rows, cols, |i, j| (i * i + j) as f64);
        let mut want = a.clone();
        for i in 0..rows - 1 {
            for j in 0..cols {
                want[i][j] += want[i + 1][j];
            }
        }
        parallel(team, &mut a);
        assert_eq!(a, want);
    }
}
