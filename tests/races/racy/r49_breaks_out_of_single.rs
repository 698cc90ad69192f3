//! R-nesting: one thread ends the loop around, and the others go on.
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel(shared(a))]
    {
        for _ in 0..10 {
            #[single(reads(a))]
            {
                if a[0] > 5 {
                    break; //~ `break` cannot leave `single`
                }
            }
            #[for_each(disjoint(a))]
            for i in 0..100 {
                a[i] += 1;
            }
        }
    }
}

fn main() {
    run(&mut [1; 100]);
}
