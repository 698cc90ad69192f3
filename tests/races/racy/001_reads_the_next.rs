//! Y-loop-carried-1d: each iteration reads the element that the next one writes.
// twin: free/045_doall writes what it reads; reading another array is free/194_two_buffers

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() - 1 {
        a[i] = a[i + 1] + 1; //~ `a[i + 1]`: iteration `i` owns only `a[i]`
    }
}

fn main() {
    run(&mut [1; 1000]);
}
