//! Y-loop-carried-1d: the next iteration's index is in a variable.
//! panics: of a `disjoint` array, and touched element
// twin: free/045_doall

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for(disjoint(a))]
    for i in 0..99 {
        let j = i + 1;
        a[i] = a[j];
    }
}

fn main() {
    run(&mut [1; 100]);
}
