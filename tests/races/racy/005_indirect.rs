//! Y-indirect-overlap: two writes through an index array, 12 apart, that meet in some elements.
//! panics: of a `disjoint` array, and touched element 5
// twin: free/052_indirect_disjoint: an index array that sends no two iterations to one element, as a scatter

use phalanx::prelude::*;

#[omp]
fn run(base: &mut [f64], index: &[usize]) {
    #[parallel_for(schedule(static, 1), disjoint(base))]
    for i in 0..index.len() {
        base[index[i]] += 1.0;
        base[index[i] + 12] += 3.0;
    }
}

fn main() {
    run(&mut vec![0.0; 2025], &[521, 523, 525, 533, 535, 537]);
}
