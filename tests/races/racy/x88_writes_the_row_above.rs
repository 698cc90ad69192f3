//! Y-loop-carried-2d-row: an iteration of a red-black loop writes the row that it shares with its neighbour.
// twin: free/x80_red_black

use phalanx::prelude::*;

fn run(g: &mut Grid2<i32>) {
    parallel_for(Static, g.red_black(0), |(_, up, me, _)| up[0] = me[0]); //~ cannot assign to `up[_]`
}

fn main() {
    run(&mut Grid2::filled(10, 10, 1));
}
