//! Y-out-of-bounds: a tile is left at its lower edge.
//! panics: row [2] of a tile of shape [2, 2]
// twin: free/042_tiled_products

use phalanx::prelude::*;

fn run(a: &mut [i32]) {
    let mut g = Grid2::filled(10, 10, a[0]);
    parallel_for(Static, g.tiles_mut(2, 2), |mut tile| tile[2][0] = 5);
}

fn main() {
    run(&mut [1; 100]);
}
