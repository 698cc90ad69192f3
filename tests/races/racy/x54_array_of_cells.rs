//! X-interior-mutability: iterations set elements of an array of cells.
// twin: free/045_doall, or atomics

use phalanx::prelude::*;

use std::cell::Cell;

fn run(a: &mut [i32]) {
    let v = NumaVec::from_fn(Static, a.len(), |_| Cell::new(0));
    parallel_for(Static, 0..100, |i| v[i % 10].set(i)); //~ `Cell<usize>` cannot be shared between threads safely
}

fn main() {
    run(&mut [1; 100]);
}
