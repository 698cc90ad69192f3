//! R-identity: threads cut one grid into the same number of tiles, which overlap.
//! panics: the threads of a team meet in different constructs
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

fn main() {
    let mut g = Grid2::filled(8, 8, 0u64);
    region(Options::new().num_threads(2), &mut g, |cx, mut g| {
        let (rows, cols) = if cx.thread_num() == 0 { (2, 8) } else { (8, 2) };
        cx.for_each(Static, g.tiles_mut(rows, cols), (), |mut tile, ()| {
            tile[0][0] += 1
        });
    });
}
