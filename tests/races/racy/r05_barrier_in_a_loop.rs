//! R-nesting: threads wait for each other inside iterations, of which they have different numbers.
// twin: free/104_nowait_and_barrier

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel(shared(a))]
    {
        #[for_each(disjoint(a))]
        for i in 0..9 {
            a[i] += 1;
            barrier!(); //~ `barrier!()` inside `for_each`
        }
    }
}

fn main() {
    run(&mut [1; 100]);
}
