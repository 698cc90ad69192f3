//! Y-loop-carried-1d: every iteration changes all elements of an array that it shares.
// twin: free/045_doall: the elements are the loop

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for]
    for i in 0..10 {
        for x in a.iter_mut() {
            //~ as it is a captured variable in a `Fn` closure
            *x += i;
        }
    }
}

fn main() {
    run(&mut [1; 100]);
}
