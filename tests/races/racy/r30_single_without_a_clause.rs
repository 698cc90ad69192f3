//! R-view: one thread writes an array without saying so, and the others may read it.
// twin: free/125_single

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel(shared(a))]
    {
        #[single]
        {
            a[0] = 1; //~ `a[0]` is written inside `single`: add `writes(a)`
        }
    }
}

fn main() {
    run(&mut [1; 100]);
}
