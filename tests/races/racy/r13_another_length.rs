//! R-identity: threads share out different numbers of iterations, so that their parts overlap.
//! panics: the threads of a team meet in different constructs
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel(num_threads(4), shared(a))]
    {
        let end = 50 + 10 * phalanx::thread_num();
        #[for_each(disjoint(a))]
        for i in 0..end {
            a[i] += 1;
        }
    }
}

fn main() {
    run(&mut [1; 100]);
}
