//! Y-indirect-overlap: each target is fine by its own table, but not beside the other's.
// twin: free/052_indirect_disjoint: one table of all that an iteration writes

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32], index: &[usize]) {
    let one = Scatter::new(index, 0, a.len()).unwrap();
    let two = Scatter::new(index, 1, a.len()).unwrap();
    #[parallel_for]
    for (x, y) in (a.scatter(&one), a.scatter(&two)) { //~ E0499 cannot borrow `*a` as mutable more than once at a time
        *x += 1;
        *y += 1;
    }
}

fn main() {
    run(&mut [1; 100], &[3, 2, 1]);
}
