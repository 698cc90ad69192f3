//! R-view: every thread writes an array outside of all constructs.
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel(shared(a))]
    {
        a[0] += 1; //~ `a[0]` outside of a construct: another thread may be using `a`
    }
}

fn main() {
    run(&mut [1; 100]);
}
