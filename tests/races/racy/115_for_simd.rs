//! Y-loop-carried+simd: an element from the one before, on threads and lanes.
// twin: free/208_dynamic_lanes

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32], b: &[i32]) {
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() - 1 {
        a[i + 1] = a[i] + b[i]; //~ `a[i + 1]`: iteration `i` owns only `a[i]`
    }
}

fn main() {
    run(&mut [0; 100], &[1; 100]);
}
