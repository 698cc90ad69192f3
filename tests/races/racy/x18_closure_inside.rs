//! Y-missing-reduction: a closure in the body updates a sum that iterations share.
// twin: free/065_pi

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let mut sum = 0;
    #[parallel_for]
    for i in 0..10 {
        a.iter().for_each(|x| sum += x * i); //~ `sum` is updated by every iteration: add `reduction(+: sum)`
    }
    println!("{sum}");
}

fn main() {
    run(&mut [1; 100]);
}
