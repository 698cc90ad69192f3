//! Y-indirect-overlap: writes through an index array, without a clause.
// twin: an array reduction: `reduction(+: base)`

use phalanx::prelude::*;

#[omp]
fn run(base: &mut [f64], index: &[usize]) {
    #[parallel_for(schedule(static, 1))]
    for i in 0..index.len() {
        base[index[i]] += 1.0; //~ `base` is updated by every iteration: add `reduction(+: base)`
        base[index[i] + 12] += 3.0;
    }
}

fn main() {
    run(&mut [0.0; 100], &[1, 3, 13]);
}
