//! Y-loop-carried-1d: an inner `while` walks into the next iteration's element.
//! panics: of a `disjoint` array, and touched element
// twin: free/045_doall

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() - 1 {
        let mut k = i;
        while k < i + 2 {
            a[k] += 1;
            k += 1;
        }
    }
}

fn main() {
    run(&mut [1; 100]);
}
