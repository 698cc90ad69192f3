//! Y-out-of-bounds: column `j - 1` of column 0 is the end of the row before, which another iteration writes.
//! panics: attempt to subtract with overflow
// twin: free/063_outer_only begins at column 1

use phalanx::prelude::*;

#[omp]
fn run(b: &mut Grid2<f64>) {
    let (rows, cols) = b.shape();
    #[parallel_for(disjoint(b))]
    for i in 1..rows {
        for j in 0..cols {
            b[i][j] = b[i][j - 1];
        }
    }
}

fn main() {
    run(&mut Grid2::filled(100, 100, 0.5));
}
