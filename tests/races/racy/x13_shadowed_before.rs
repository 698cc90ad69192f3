//! Y-missing-reduction: the sum that is shared has the name of another variable.
// twin: free/065_pi

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let sum = 0;
    let mut sum = sum;
    #[parallel_for]
    for i in 0..a.len() {
        let a = &*a;
        sum += a[i]; //~ `sum` is updated by every iteration: add `reduction(+: sum)`
    }
    println!("{sum}");
}

fn main() {
    run(&mut [1; 100]);
}
