//! R-identity: iterations stride differently on different threads, so that two own one element.
//! panics: the threads of a team meet in different constructs
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel(num_threads(4), shared(a))]
    {
        let step = 1 + phalanx::thread_num();
        // The same number of iterations on each.
        #[for_each(disjoint(a))]
        for i in (0..25 * step).step_by(step) {
            a[i] += 1;
        }
    }
}

fn main() {
    run(&mut [1; 100]);
}
