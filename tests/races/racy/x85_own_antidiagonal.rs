//! Y-loop-carried-2d-col: a cell from the one at its lower left, which is of the same antidiagonal.
//! panics: owns it and may write it now
// twin: free/x81_wavefront

use phalanx::prelude::*;

#[omp]
fn run(g: &mut Grid2<i32>) {
    #[parallel_for(schedule(static))]
    for ((i, j), me, others) in g.antidiagonal(6) {
        if j > 0 {
            *me = others[[i + 1, j - 1]];
        }
    }
}

fn main() {
    run(&mut Grid2::filled(10, 10, 1));
}
