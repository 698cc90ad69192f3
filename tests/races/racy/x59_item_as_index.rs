//! Y-indirect-overlap: the index is a value of another array, and may repeat.
//! panics: of a `disjoint` array, and touched element 1
// twin: free/045_doall: the position is the own index

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let index = [1; 100];
    #[parallel_for(disjoint(a))]
    for (i, at) in enumerate(&index) {
        a[i] = a[*at];
    }
}

fn main() {
    run(&mut [1; 100]);
}
