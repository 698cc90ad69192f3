//! R-identity: threads share out one array in chunks of different sizes, so that two have one element.
//! panics: schedule
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel(num_threads(4), shared(a))]
    {
        let chunk = 1 + phalanx::thread_num();
        #[for_each(schedule(static, chunk), disjoint(a))]
        for i in 0..100 {
            a[i] += 1;
        }
    }
}

fn main() {
    run(&mut [1; 100]);
}
