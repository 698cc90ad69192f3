//! Y-loop-carried-2d-col: each column from the one to its left, which another iteration writes.
// twin: free/043_row_then_column_sweeps

use phalanx::prelude::*;

fn run(g: &mut Grid2<i32>) {
    parallel_for(Static, g.cols_mut(), |mut col| { //~ cannot borrow `*g` as immutable
        let j = col.number();
        if j > 0 {
            col[0] = g[0][j - 1];
        }
    });
}

fn main() {
    run(&mut Grid2::filled(10, 10, 1));
}
