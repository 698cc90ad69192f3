//! Y-loop-carried+simd: chunks of 64 on demand, and a distance of 64 between write and read.
// twin: free/208_dynamic_lanes

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [f64], b: &[f64]) {
    #[parallel_for(schedule(dynamic, 64), disjoint(a))]
    for i in 64..a.len() {
        a[i] = a[i - 64] + b[i]; //~ `a[i - 64]`: iteration `i` owns only `a[i]`
    }
}

fn main() {
    run(&mut [0.0; 1000], &[1.0; 1000]);
}
