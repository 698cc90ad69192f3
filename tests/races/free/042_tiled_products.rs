//! N-polyhedral-tiled: three matrix products, tile by tile of the result.

use crate::team::Team;
use phalanx::prelude::*;

const TILE: usize = 8;

/// `c = a * b`, and each iteration owns a tile of `c`.
#[omp]
fn product(team: &Team, a: &Grid2<f64>, b: &Grid2<f64>, c: &mut Grid2<f64>) {
    let inner = a.cols_len();
    #[parallel_for(schedule(runtime), num_threads(team.threads))]
    for mut tile in c.tiles_mut(TILE, TILE) {
        let ([i0, j0], [rows, cols]) = (tile.origin(), tile.shape());
        for k0 in (0..inner).step_by(TILE) {
            for i in 0..rows {
                for k in k0..inner.min(k0 + TILE) {
                    for j in 0..cols {
                        tile[i][j] += a[i0 + i][k] * b[k][j0 + j];
                    }
                }
            }
        }
    }
}

fn sequential(a: &Grid2<f64>, b: &Grid2<f64>) -> Grid2<f64> {
    let mut c = Grid2::filled(a.rows_len(), b.cols_len(), 0.0);
    for i in 0..a.rows_len() {
        for j in 0..b.cols_len() {
            for k in 0..a.cols_len() {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    c
}

fn matrix(rows: usize, cols: usize, factor: usize) -> Grid2<f64> {
    Grid2::from_fn(Static, rows, cols, |i, j| (i * factor + j) as f64 % 11.0)
}

pub fn run(team: &Team) {
    let (a, b) = (matrix(21, 16, 3), matrix(16, 19, 5));
    let (c, d) = (matrix(19, 7, 2), matrix(7, 24, 7));
    let mut e = Grid2::filled(21, 19, 0.0);
    let mut f = Grid2::filled(19, 24, 0.0);
    let mut g = Grid2::filled(21, 24, 0.0);
    product(team, &a, &b, &mut e);
    product(team, &c, &d, &mut f);
    product(team, &e, &f, &mut g);
    assert_eq!(g, sequential(&sequential(&a, &b), &sequential(&c, &d)));
}
