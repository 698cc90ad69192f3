//! R-identity: a thread skips a loop, and its part of the array stays as it was.
//! panics: the threads of a team meet in different constructs
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel(num_threads(4), shared(a))]
    {
        if phalanx::thread_num() != 2 {
            #[for_each(disjoint(a))]
            for i in 0..100 {
                a[i] += 1;
            }
        }
        #[for_each(schedule(static, 1), disjoint(a))]
        for i in 0..100 {
            a[i] *= 2;
        }
    }
}

fn main() {
    run(&mut [1; 100]);
}
