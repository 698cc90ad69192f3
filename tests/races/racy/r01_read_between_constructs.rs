//! R-view: between constructs a thread reads an array that others may be writing already.
// twin: free/125_single, free/104_nowait_and_barrier: reading is a construct too

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel(shared(a))]
    {
        #[for_each(disjoint(a))]
        for i in 0..100 {
            a[i] += 1;
        }
        let first = a[0]; //~ `a[0]` outside of a construct: another thread may be using `a`
        println!("{first}");
    }
}

fn main() {
    run(&mut [1; 100]);
}
