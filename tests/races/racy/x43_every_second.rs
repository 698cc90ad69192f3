//! Y-loop-carried-affine: iterations two apart write two elements each.
// twin: free/x73_every_second

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for(disjoint(a))]
    for i in (0..98).step_by(2) {
        a[i] = 1;
        a[i + 1] = 2; //~ `a[i + 1]`: iteration `i` owns only `a[i]`
    }
}

fn main() {
    run(&mut [1; 100]);
}
