//! X-escape: a tile is kept, and its grid written.
// twin: free/042_tiled_products

use phalanx::prelude::*;

use std::sync::Mutex;

fn run(a: &mut [i32]) {
    let mut g = Grid2::filled(10, 10, a[0]);
    let kept = Mutex::new(None);
    parallel_for(Static, g.tiles_mut(2, 2), |t| {
        *kept.lock().unwrap() = Some(t)
    });
    g[0][0] = 1; //~ E0499 cannot borrow `g` as mutable more than once at a time
    drop(kept);
}

fn main() {
    run(&mut [1; 100]);
}
