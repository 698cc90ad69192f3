//! Y-indirect-overlap: reads another target while they are written.
// twin: free/052_indirect_disjoint: what other iterations need is read from another array

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32], index: &[usize]) {
    let targets = Scatter::new(index, 0, a.len()).unwrap();
    #[parallel_for]
    for (i, own) in a.scatter(&targets).enumerate() {
        //~ E0502 cannot borrow `a` as immutable because it is also borrowed as mutable
        *own += a[i];
    }
}

fn main() {
    run(&mut [1; 100], &[3, 2, 1]);
}
