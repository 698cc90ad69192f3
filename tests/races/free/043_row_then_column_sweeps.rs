//! N-row-then-column-sweeps: sums along the rows, then along the columns of the same array.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, x: &mut Grid2<f64>, a: &Grid2<f64>, b: &mut Grid2<f64>) {
    let (rows, cols) = x.shape();
    #[parallel_for(schedule(runtime), num_threads(team.threads), disjoint(x, b))]
    for i in 0..rows {
        for j in 1..cols {
            x[i][j] -= x[i][j - 1] * a[i][j] / b[i][j - 1];
            b[i][j] -= a[i][j] * a[i][j] / b[i][j - 1];
        }
    }
    let columns = enumerate((x.cols_mut(), b.cols_mut()));
    #[parallel_for(schedule(runtime), num_threads(team.threads))]
    for (j, (mut x, mut b)) in columns {
        for i in 1..rows {
            x[i] -= x[i - 1] * a[i][j] / b[i - 1];
            b[i] -= a[i][j] * a[i][j] / b[i - 1];
        }
    }
}

/// The same in one region.
#[omp]
fn in_a_region(team: &Team, x: &mut Grid2<f64>, a: &Grid2<f64>, b: &mut Grid2<f64>) {
    let (rows, cols) = x.shape();
    #[parallel(num_threads(team.threads), shared(x, b))]
    {
        #[for_each(schedule(runtime), disjoint(x, b))]
        for i in 0..rows {
            for j in 1..cols {
                x[i][j] -= x[i][j - 1] * a[i][j] / b[i][j - 1];
                b[i][j] -= a[i][j] * a[i][j] / b[i][j - 1];
            }
        }
        #[for_each(schedule(runtime))]
        for (mut x, mut b) in (x.cols_mut(), b.cols_mut()) {
            let j = x.number();
            for i in 1..rows {
                x[i] -= x[i - 1] * a[i][j] / b[i - 1];
                b[i] -= a[i][j] * a[i][j] / b[i - 1];
            }
        }
    }
}

fn sequential(x: &mut Grid2<f64>, a: &Grid2<f64>, b: &mut Grid2<f64>) {
    let (rows, cols) = x.shape();
    for i in 0..rows {
        for j in 1..cols {
            x[i][j] -= x[i][j - 1] * a[i][j] / b[i][j - 1];
            b[i][j] -= a[i][j] * a[i][j] / b[i][j - 1];
        }
    }
    for j in 0..cols {
        for i in 1..rows {
            x[i][j] -= x[i - 1][j] * a[i][j] / b[i - 1][j];
            b[i][j] -= a[i][j] * a[i][j] / b[i - 1][j];
        }
    }
}

pub fn run(team: &Team) {
    for (rows, cols) in [(0, 4), (1, 1), (5, 3), (30, 50)] {
        let a = Grid2::from_fn(Static, rows, cols, |i, j| (i * j % 7) as f64 / 8.0);
        let x = Grid2::from_fn(Static, rows, cols, |i, j| (i + 2 * j) as f64);
        let b = Grid2::from_fn(Static, rows, cols, |i, j| 4.0 + (i + j) as f64);
        let (mut want_x, mut want_b) = (x.clone(), b.clone());
        sequential(&mut want_x, &a, &mut want_b);
        for sweep in [parallel, in_a_region] {
            let (mut x, mut b) = (x.clone(), b.clone());
            sweep(team, &mut x, &a, &mut b);
            assert!(x == want_x && b == want_b);
        }
    }
}
