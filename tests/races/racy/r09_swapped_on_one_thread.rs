//! R-identity: one thread swaps two arrays, so that threads write one and read it at once.
//! panics: arrays differ
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32], b: &mut [i32]) {
    #[parallel(num_threads(4), shared(a, b))]
    {
        if phalanx::thread_num() == 1 {
            std::mem::swap(&mut a, &mut b);
        }
        #[for_each(reads(a), disjoint(b))]
        for i in 1..99 {
            b[i] = a[i - 1] + a[i + 1];
        }
    }
}

fn main() {
    run(&mut [1; 100], &mut [2; 100]);
}
