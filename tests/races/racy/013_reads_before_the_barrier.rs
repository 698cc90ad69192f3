//! Y-nowait-missing-barrier: one thread reads an array that others may still write, for nobody waited.
// twin: free/104_nowait_and_barrier

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) -> i32 {
    let mut error = 0i32;
    #[parallel(shared(a, error))]
    {
        #[nowait]
        {
            #[for_each(disjoint(a))]
            for i in 0..1000 {
                a[i] = 5 + a[i] * 5;
            }
            #[single(reads(a), writes(error))]
            //~ `a` is written by a construct that nobody has waited for
            {
                *error = a[9] + 1;
            }
        }
    }
    error
}

fn main() {
    println!("{}", run(&mut [1; 1000]));
}
