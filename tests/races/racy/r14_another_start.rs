//! R-identity: iterations have different indices on different threads, so that two write one element.
//! panics: the threads of a team meet in different constructs
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel(num_threads(4), shared(a))]
    {
        let start = phalanx::thread_num();
        #[for_each(disjoint(a))]
        for i in start..start + 50 {
            a[i] += 1;
        }
    }
}

fn main() {
    run(&mut [1; 100]);
}
