//! Y-loop-carried-1d: each iteration swaps its element with the next.
// twin: free/194_two_buffers

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() - 1 {
        a.swap(i, i + 1); //~ `a.swap(..)`: iteration `i` owns only `a[i]`
    }
}

fn main() {
    run(&mut [1; 100]);
}
