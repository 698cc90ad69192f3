//! Y-missing-reduction: the sum is behind a reference.
// twin: free/065_pi

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let mut total = 0;
    let sum = &mut total;
    #[parallel_for]
    for i in 0..a.len() {
        *sum += a[i]; //~ `*sum` is updated by every iteration
    }
    println!("{total}");
}

fn main() {
    run(&mut [1; 100]);
}
