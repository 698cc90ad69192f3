//! Y-indirect-overlap: iterations write ten elements in turn.
//! panics: of a `disjoint` array, and touched element
// twin: an array reduction: `reduction(+: a)`

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for(disjoint(a))]
    for i in 0..100 {
        a[i % 10] += 1;
    }
}

fn main() {
    run(&mut [1; 100]);
}
