//! N-polyhedral-time-skewed: rows of several time steps at once, each three behind that of the step before.

use crate::team::Team;
use phalanx::OwnersError;
use phalanx::prelude::*;

/// In wave `w`, step `t` is at row `i = w - 3 t`: it computes that row of `b` from three rows of `a`, and takes
/// row `i - 1` over to `a`, which nobody needs as it was any more.
#[omp]
fn parallel(
    team: &Team,
    a: &mut Grid2<f64>,
    b: &mut Grid2<f64>,
    steps: usize,
) -> Result<(), OwnersError> {
    let (rows, cols) = a.shape();
    for w in 1..3 * (steps - 1) + rows {
        let at = |t: usize| w.checked_sub(3 * t).filter(|i| (1..rows).contains(i));
        let of_a = Owners::new(rows, steps, |t| at(t).map(|i| i - 1))?;
        let of_b = Owners::new(rows, steps, at)?;
        #[parallel_for(schedule(runtime), num_threads(team.threads))]
        for (t, mut a, mut b) in (0..steps, a.owned(&of_a), b.owned(&of_b)) {
            let Some(i) = at(t) else { continue };
            for j in 1..cols - 1 {
                if i < rows - 1 {
                    b[i][j] =
                        0.2 * (a[i][j] + a[i][j - 1] + a[i][j + 1] + a[i + 1][j] + a[i - 1][j]);
                }
            }
            for j in 1..cols - 1 {
                if i > 1 {
                    a[i - 1][j] = b[i - 1][j];
                }
            }
        }
    }
    Ok(())
}

pub fn run(team: &Team) {
    for (rows, cols, steps) in [(3, 3, 1), (4, 5, 3), (20, 20, 7)] {
        let mut a = Grid2::from_fn(Static, rows, cols, |i, j| (i * (j + 2) + 10) as f64 / 20.0);
        let mut b = Grid2::from_fn(Static, rows, cols, |i, j| (i * (j + 3) + 11) as f64 / 20.0);
        let (mut c, mut d) = (a.clone(), b.clone());
        for _ in 0..steps {
            for i in 1..rows - 1 {
                for j in 1..cols - 1 {
                    d[i][j] =
                        0.2 * (c[i][j] + c[i][j - 1] + c[i][j + 1] + c[i + 1][j] + c[i - 1][j]);
                }
            }
            for i in 1..rows - 1 {
                for j in 1..cols - 1 {
                    c[i][j] = d[i][j];
                }
            }
        }
        parallel(team, &mut a, &mut b, steps).unwrap();
        assert_eq!((a, b), (c, d));
    }
}
