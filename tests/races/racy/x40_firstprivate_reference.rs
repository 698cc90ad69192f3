//! X-interior-mutability: each thread has a copy of a reference, and all refer to one `Cell`.
// twin: free/048_firstprivate copies the value

use phalanx::prelude::*;

use std::cell::Cell;

#[omp]
fn run(a: &mut [i32]) {
    let cell = Cell::new(0);
    let c = &cell;
    #[parallel_for(firstprivate(c))]
    for i in 0..a.len() {
        //~ `Cell<i32>` cannot be shared between threads safely
        c.set(a[i]);
    }
}

fn main() {
    run(&mut [1; 100]);
}
