//! R-view: a loop reads an array that the region shares, and does not say so.
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32], b: &mut [i32]) {
    #[parallel(shared(a, b))]
    {
        #[for_each(disjoint(b))]
        for i in 1..99 {
            b[i] = a[i - 1] + a[i + 1]; //~ `a[i - 1]` is read inside `for_each`: add `reads(a)`
        }
    }
}

fn main() {
    run(&mut [1; 100], &mut [1; 100]);
}
