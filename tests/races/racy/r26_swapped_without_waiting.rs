//! R-nowait: two arrays change roles while the loop before may still be running.
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32], b: &mut [i32]) {
    #[parallel(shared(a, b))]
    {
        #[nowait]
        {
            #[for_each(disjoint(a))]
            for i in 0..100 {
                a[i] += 1;
            }
            std::mem::swap(&mut a, &mut b); //~ `a` is written by a construct that nobody has waited for
            #[for_each(schedule(dynamic, 1), disjoint(a))] //~ `a` is written by a construct that nobody has waited for
            for i in 0..100 {
                a[i] += 1;
            }
        }
    }
}

fn main() {
    run(&mut [1; 100], &mut [1; 100]);
}
