//! Y-loop-carried-2d-row: time-skewed rows, one too near to the step before.
//! panics: would read element (or row)
// twin: free/055_time_skewed

use phalanx::prelude::*;

#[omp]
fn run(a: &mut Grid2<f64>) {
    let (rows, steps) = (a.rows_len(), 4);
    let owners = Owners::new(rows, steps, |t| [rows - 2 - 2 * t]).unwrap();
    #[parallel_for(schedule(static))]
    for (t, mut a) in (0..steps, a.owned(&owners)) {
        let i = rows - 2 - 2 * t;
        for j in 0..4 {
            a[i][j] += a[i + 1][j] + a[i - 2][j];
        }
    }
}

fn main() {
    run(&mut Grid2::filled(20, 4, 1.0));
}
