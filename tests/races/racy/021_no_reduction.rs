//! Y-missing-reduction: iterations add to a sum that they share.
// twin: free/065_pi

use phalanx::prelude::*;

#[omp]
fn run(u: &Grid2<f32>) -> f32 {
    let (rows, cols) = u.shape();
    let mut sum = 0.0;
    #[parallel_for]
    for i in 0..rows {
        for j in 0..cols {
            let temp = u[i][j];
            sum += temp * temp; //~ `sum` is updated by every iteration: add `reduction(+: sum)`
        }
    }
    sum
}

fn main() {
    println!("{}", run(&Grid2::filled(100, 100, 0.5)));
}
