//! Y-loop-carried-2d-col: within a row, each iteration reads the element that the one before writes.
// twin: free/063_outer_only shares out the rows

use phalanx::prelude::*;

#[omp]
fn run(b: &mut Grid2<f64>) {
    let (rows, cols) = b.shape();
    for i in 0..rows {
        let row = &mut b[i];
        #[parallel_for(disjoint(row))]
        for j in 1..cols {
            row[j] = row[j - 1]; //~ `row[j - 1]`: iteration `j` owns only `row[j]`
        }
    }
}

fn main() {
    run(&mut Grid2::filled(100, 100, 0.5));
}
