//! Y-loop-carried-2d-row: each iteration reads the row that the next one writes.
// twin: free/053_row_from_the_next runs one row after the other, and the elements of a row together

use phalanx::prelude::*;

#[omp]
fn run(a: &mut Grid2<f64>) {
    let (rows, cols) = a.shape();
    #[parallel_for(disjoint(a))]
    for i in 0..rows - 1 {
        for j in 0..cols {
            a[i][j] += a[i + 1][j]; //~ `a[i + 1]`: iteration `i` owns only `a[i]`
        }
    }
}

fn main() {
    run(&mut Grid2::filled(20, 20, 0.5));
}
