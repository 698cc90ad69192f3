//! Y-missing-reduction: an inner parallel loop writes one element of the outer iteration's row.
// twin: free/065_pi inside the row

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let mut g = Grid2::filled(10, 10, a[0]);
    #[parallel_for(disjoint(g))]
    for i in 0..10 {
        #[parallel_for]
        for j in 0..10 {
            g[i][0] += j; //~ `g` is updated by every iteration
        }
    }
}

fn main() {
    run(&mut [1; 100]);
}
