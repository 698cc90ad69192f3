//! R-capture: iterations of a region's loop add to a variable from outside.
// twin: free/121_reductions_in_a_region

use phalanx::prelude::*;

#[omp]
fn run(a: &[i32]) -> i32 {
    let mut sum = 0;
    #[parallel]
    {
        #[for_each]
        for i in 0..a.len() {
            sum += a[i]; //~ `sum` is updated by every iteration: add `reduction(+: sum)`
        }
    }
    sum
}

fn main() {
    println!("{}", run(&[1; 100]));
}
