//! Y-indirect-overlap: two writes through an index array, 12 apart, that meet: the check of the scatter says where.
//! panics: positions 0 and 3 of the index array both reach element 533: two iterations would write it
// twin: free/052_indirect_disjoint

use phalanx::prelude::*;

#[omp]
fn run(base: &mut [f64], index: &[usize]) {
    let targets = Scatter::new(index, [0, 12], base.len()).unwrap_or_else(|e| panic!("{e}"));
    #[parallel_for(schedule(static, 1))]
    for [one, two] in base.scatter(&targets) {
        *one += 1.0;
        *two += 3.0;
    }
}

fn main() {
    run(&mut vec![0.0; 2025], &[521, 523, 525, 533, 535, 537]);
}
