//! Y-missing-reduction: iterations call a closure that updates a sum.
// twin: free/065_pi

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let mut sum = 0;
    let mut add = |x: i32| sum += x;
    #[parallel_for]
    for i in 0..a.len() {
        add(a[i]); //~ `add` declared here, outside the closure
    }
}

fn main() {
    run(&mut [1; 100]);
}
