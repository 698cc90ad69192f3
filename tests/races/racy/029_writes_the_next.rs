//! Y-loop-carried-1d: each iteration writes the element that the next one reads.
// twin: free/045_doall

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() - 1 {
        a[i + 1] = a[i] + 1; //~ `a[i + 1]`: iteration `i` owns only `a[i]`
    }
}

fn main() {
    run(&mut [0; 100]);
}
