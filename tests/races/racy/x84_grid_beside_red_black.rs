//! Y-loop-carried-2d-row: the rows of one parity are written, and the grid is read by its name.
// twin: free/x80_red_black

use phalanx::prelude::*;

fn run(g: &mut Grid2<i32>) {
    parallel_for(Static, g.red_black(0), |(i, _, me, _)| me[0] = g[i - 2][0]); //~ cannot borrow `*g` as immutable
}

fn main() {
    run(&mut Grid2::filled(10, 10, 1));
}
