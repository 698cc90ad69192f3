//! Y-loop-carried-1d: each iteration reads the element that the next one writes, and no clause says who owns what.
// twin: free/194_two_buffers

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for]
    for i in 0..a.len() - 1 {
        a[i] = a[i + 1] + 1; //~ `a[i]` is written: add `disjoint(a)`
    }
}

fn main() {
    run(&mut [1; 100]);
}
