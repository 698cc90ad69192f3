//! N-inner-parallel-neighbour-row: every third row from all rows that nobody writes, in one region.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, g: &mut Grid2<i64>) {
    let rows = g.rows_len();
    #[parallel(num_threads(team.threads), shared(g))]
    {
        #[for_each(schedule(runtime))]
        for (i, me, others) in g.sweep_rows(1, 3) {
            for k in [i - 1, (i + 1) % rows] {
                for j in 0..me.len() {
                    me[j] += others.get(k).map_or(0, |row| row[j]);
                }
            }
        }
    }
}

pub fn run(team: &Team) {
    for (rows, cols) in [(1, 1), (2, 9), (40, 30)] {
        let mut g = Grid2::from_fn(Static, rows, cols, |i, j| (i * 10 + j) as i64);
        let mut want = g.clone();
        for i in (1..rows).step_by(3) {
            for k in [i - 1, (i + 1) % rows] {
                for j in 0..cols {
                    want[i][j] += if k % 3 == 1 { 0 } else { want[k][j] };
                }
            }
        }
        parallel(team, &mut g);
        assert_eq!(g, want);
    }
}
