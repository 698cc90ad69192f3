//! Y-loop-carried-1d: every iteration changes all elements of an array of which it owns one.
// twin: free/045_doall

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for(disjoint(a))]
    for i in 0..10 {
        for x in a.iter_mut() {
            //~ `a.iter_mut(..)`: iteration `i` owns only `a[i]`
            *x += i;
        }
    }
}

fn main() {
    run(&mut [1; 100]);
}
