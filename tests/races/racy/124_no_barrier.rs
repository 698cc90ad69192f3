//! Y-master-missing-barrier: the primary sets a variable, and the others read it without having waited.
// twin: free/125_single: the value of a block reaches all threads

use phalanx::prelude::*;

#[omp]
fn run() {
    let mut init = 0u64;
    let local = 0;
    #[parallel(shared(init), firstprivate(local))]
    {
        #[masked(writes(init))]
        {
            *init = 10;
        }
        local = *init; //~ `*init` outside of a construct
        println!("{local}");
    }
    println!("{init}");
}

fn main() {
    run();
}
