//! Y-out-of-bounds: a chunk is left at its end.
//! panics: index out of bounds: the len is 10 but the index is 10
// twin: free/x73_every_second writes inside its chunk

use phalanx::prelude::*;

fn run(a: &mut [i32]) {
    parallel_for(Static, chunks_mut(a, 10), |c| c[10] = c[0]);
}

fn main() {
    run(&mut [1; 100]);
}
