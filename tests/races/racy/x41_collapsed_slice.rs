//! Y-missing-reduction: two loops as one, and iterations `(i, j)` for all `j` write element i.
// twin: free/093_collapse owns cells of a grid

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for(collapse(2), disjoint(a))]
    for i in 0..10 {
        for j in 0..10 {
            a[i] += j; //~ `a[i]`: iteration `(i, j)` owns only `a[i][j]`
        }
    }
}

fn main() {
    run(&mut [1; 100]);
}
