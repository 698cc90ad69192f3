//! Y-loop-carried-affine: iteration i writes element 2i + 1, which another one reads.
// twin: free/045_doall; for every second element, `chunks_mut(a, 2)`

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() / 2 {
        a[2 * i + 1] = a[i] + 1; //~ `a[2 * i + 1]`: iteration `i` owns only `a[i]`
    }
}

fn main() {
    run(&mut [0; 2000]);
}
