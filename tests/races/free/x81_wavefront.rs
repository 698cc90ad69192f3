//! N-doacross: each cell from those above and to its left, tile by tile and diagonal by diagonal.

use crate::team::Team;
use phalanx::prelude::*;

fn by_tiles(team: &Team, g: &mut Grid2<u64>) {
    wavefront(team.options(), g, (5, 8), |mut own, up, left| {
        let ([i0, j0], [rows, cols]) = (own.origin(), own.shape());
        for i in 0..rows {
            for j in 0..cols {
                let above = match i {
                    0 if i0 == 0 => 1,
                    0 => up[i0 - 1][j0 + j],
                    _ => own[i - 1][j],
                };
                let before = match j {
                    0 if j0 == 0 => 1,
                    0 => left[i][j0 - 1],
                    _ => own[i][j - 1],
                };
                own[i][j] = (own[i][j] + above + 3 * before) % 1009;
            }
        }
    });
}

#[omp]
fn by_cells(team: &Team, g: &mut Grid2<u64>) {
    for d in 0..g.antidiagonals() {
        #[parallel_for(schedule(runtime), num_threads(team.threads))]
        for (_at, me, others) in g.antidiagonal(d) {
            let (above, before) = (others.up().unwrap_or(&1), others.left().unwrap_or(&1));
            *me = (*me + above + 3 * before) % 1009;
        }
    }
}

pub fn run(team: &Team) {
    for (rows, cols) in [(0, 4), (1, 1), (5, 8), (23, 30)] {
        let g = Grid2::from_fn(Static, rows, cols, |i, j| (i * j % 11) as u64);
        let mut want = g.clone();
        for i in 0..rows {
            for j in 0..cols {
                let above = if i > 0 { want[i - 1][j] } else { 1 };
                let before = if j > 0 { want[i][j - 1] } else { 1 };
                want[i][j] = (want[i][j] + above + 3 * before) % 1009;
            }
        }
        for compute in [by_tiles, by_cells] {
            let mut g = g.clone();
            compute(team, &mut g);
            assert_eq!(g, want);
        }
    }
}
