//! Y-loop-carried-2d-row: each iteration reads the row that the one before writes.
// twin: free/063_outer_only reads its own row

use phalanx::prelude::*;

#[omp]
fn run(b: &mut Grid2<f64>) {
    let (rows, cols) = b.shape();
    #[parallel_for(disjoint(b))]
    for i in 1..rows {
        for j in 1..cols {
            b[i][j] = b[i - 1][j - 1]; //~ `b[i - 1]`: iteration `i` owns only `b[i]`
        }
    }
}

fn main() {
    run(&mut Grid2::filled(100, 100, 0.5));
}
