//! Y-indirect-overlap: the indices change after their check.
// twin: free/052_indirect_disjoint: changed indices are checked again

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32], mut index: Vec<usize>) {
    let targets = Scatter::new(&index, 0, a.len()).unwrap();
    index[0] = 2; //~ E0502 cannot borrow `index` as mutable because it is also borrowed as immutable
    #[parallel_for]
    for own in a.scatter(&targets) {
        *own += 1;
    }
}

fn main() {
    run(&mut [1; 100], vec![3, 2, 1]);
}
