//! Y-loop-carried-1d: every iteration gives the whole array to a function.
// twin: free/045_doall

use phalanx::prelude::*;

fn all(a: &mut [i32]) {
    a.fill(1);
}

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for(disjoint(a))]
    for _i in 0..100 {
        all(a); //~ expected `&mut [i32]`, found `OwnElement<'_, i32>`
    }
}

fn main() {
    run(&mut [1; 100]);
}
