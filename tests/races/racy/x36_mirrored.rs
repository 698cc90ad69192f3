//! Y-loop-carried-affine: each iteration reads the element as far from the end.
// twin: free/194_two_buffers

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let n = a.len();
    #[parallel_for(disjoint(a))]
    for i in 0..n {
        a[i] = a[n - 1 - i]; //~ `a[n - 1 - i]`: iteration `i` owns only `a[i]`
    }
}

fn main() {
    run(&mut [1; 100]);
}
