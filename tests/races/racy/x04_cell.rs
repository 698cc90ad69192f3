//! X-interior-mutability: iterations add up in a `Cell`.
// twin: free/065_pi, or free/x70_atomic_counter

use phalanx::prelude::*;

use std::cell::Cell;

#[omp]
fn run(a: &mut [i32]) {
    let sum = Cell::new(0);
    #[parallel_for]
    for i in 0..a.len() {
        //~ `Cell<i32>` cannot be shared between threads safely
        sum.set(sum.get() + a[i]);
    }
}

fn main() {
    run(&mut [1; 100]);
}
