//! Y-alias-buffers: one array in `disjoint` by two names.
// twin: free/066_two_arrays

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let b = &mut *a;
    #[parallel_for(disjoint(a, b))] //~ E0499 cannot borrow `*a` as mutable more than once at a time
    for i in 0..98 {
        a[i] = b[i];
    }
}

fn main() {
    run(&mut [1; 100]);
}
