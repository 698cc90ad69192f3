//! Y-nowait-missing-barrier: a tile of a wavefront is kept for the next diagonal, which writes elsewhere in it.
// twin: free/x81_wavefront

use phalanx::prelude::*;
use std::sync::Mutex;

fn run(g: &mut Grid2<i32>) {
    let kept: Mutex<Vec<phalanx::Tile<'_, i32, 2>>> = Mutex::new(Vec::new());
    wavefront(Static, g, (4, 4), |_, up, _| kept.lock().unwrap().push(up)); //~ borrowed data escapes outside of closure
}

fn main() {
    run(&mut Grid2::filled(10, 10, 1));
}
