//! Y-missing-reduction: the sum is a field.
// twin: free/065_pi; reduce a variable, and store it

use phalanx::prelude::*;

struct Total {
    sum: i32,
}

#[omp]
fn run(a: &mut [i32]) {
    let mut total = Total { sum: 0 };
    #[parallel_for]
    for i in 0..a.len() {
        total.sum += a[i]; //~ `total.sum` is updated by every iteration
    }
    println!("{}", total.sum);
}

fn main() {
    run(&mut [1; 100]);
}
