//! R-view: iterations of a region's loop read the elements that their neighbours write.
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel(shared(a))]
    {
        #[for_each(disjoint(a))]
        for i in 1..99 {
            a[i] = a[i - 1] + a[i + 1]; //~ `a[i - 1]`: iteration `i` owns only `a[i]`
        }
    }
}

fn main() {
    run(&mut [1; 100]);
}
