//! Y-loop-carried-2d-row: rows are the loop, and the body reads the next one in the grid.
// twin: free/053_row_from_the_next

use phalanx::prelude::*;

fn run(a: &mut [i32]) {
    let mut g = Grid2::filled(10, 10, a[0]);
    parallel_for(Static, enumerate(g.rows_mut()), |(i, row)| {
        row[0] = g[i + 1][0]; //~ second borrow occurs due to use of `g` in closure
    });
}

fn main() {
    run(&mut [1; 100]);
}
