//! R-capture: every thread of a region updates a variable from outside.
// twin: free/121_reductions_in_a_region, free/108_atomic

use phalanx::prelude::*;

#[omp]
fn run() -> i32 {
    let mut sum = 0;
    #[parallel]
    {
        sum += 1; //~ `sum` is updated by every thread of the region
    }
    sum
}

fn main() {
    println!("{}", run());
}
