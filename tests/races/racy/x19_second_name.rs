//! Y-loop-carried-single-elem: an element of the owned array is read by another name.
// twin: free/048_firstprivate: copy it

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let first = &a[0];
    #[parallel_for(disjoint(a))]
    //~ E0502 cannot borrow `*a` as mutable because it is also borrowed as immutable
    for i in 0..a.len() {
        a[i] += *first;
    }
}

fn main() {
    run(&mut [1; 100]);
}
