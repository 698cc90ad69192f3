//! Y-loop-carried-single-elem: all iterations read an element that one of them writes.
// twin: free/048_firstprivate: copy `a[0]` before the loop

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() {
        a[i] = a[i] + a[0]; //~ `a[0]`: iteration `i` owns only `a[i]`
    }
}

fn main() {
    run(&mut [1; 1000]);
}
