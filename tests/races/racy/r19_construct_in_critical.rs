//! R-nesting: threads wait for each other one at a time.
// twin: free/085_threadprivate

use phalanx::prelude::*;

#[omp]
fn run() {
    let sum = Critical::new(0);
    #[parallel(num_threads(4))]
    {
        #[critical(sum)]
        {
            *sum += 1;
            barrier!(); //~ `barrier!()` inside `critical`
        }
    }
}

fn main() {
    run();
}
