//! N-row-then-column-sweeps: in place, cells of one colour from those of the other, then rows of one parity.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, g: &mut Grid2<f64>) {
    for sweep in 0..4 {
        #[parallel_for(schedule(runtime), num_threads(team.threads))]
        for mut row in g.red_black_cells(sweep % 2) {
            for (_j, me, [up, down, left, right]) in row.iter_mut() {
                *me = 0.25 * (up + down + left + right);
            }
        }
        #[parallel_for(schedule(runtime), num_threads(team.threads))]
        for (_i, up, me, down) in g.red_black(sweep % 2) {
            for j in 0..me.len() {
                me[j] = 0.5 * me[j] + 0.25 * (up[j] + down[j]);
            }
        }
    }
}

pub fn run(team: &Team) {
    for (rows, cols) in [(0, 4), (1, 1), (2, 9), (5, 3), (40, 30)] {
        let mut g = Grid2::from_fn(Static, rows, cols, |i, j| (i * 7 % 5 + j) as f64);
        let mut want = g.clone();
        for sweep in 0..4 {
            for i in 1..rows.saturating_sub(1) {
                for j in 1..cols.saturating_sub(1) {
                    if (i + j) % 2 == sweep % 2 {
                        let around = want[i - 1][j] + want[i + 1][j] + want[i][j - 1];
                        want[i][j] = 0.25 * (around + want[i][j + 1]);
                    }
                }
            }
            for i in (1..rows.saturating_sub(1)).filter(|i| i % 2 == sweep % 2) {
                for j in 0..cols {
                    let around = want[i - 1][j] + want[i + 1][j];
                    want[i][j] = 0.5 * want[i][j] + 0.25 * around;
                }
            }
        }
        parallel(team, &mut g);
        assert_eq!(g, want);
    }
}
