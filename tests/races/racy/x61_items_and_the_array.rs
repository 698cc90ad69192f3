//! Y-loop-carried-single-elem: elements are the loop, and the body reads one in the array.
// twin: free/048_firstprivate: copy it

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for]
    for x in &mut *a {
        //~ E0502 cannot borrow `a` as immutable because it is also borrowed as mutable
        *x += a[0];
    }
}

fn main() {
    run(&mut [1; 100]);
}
