//! Y-missing-reduction: a variable of the iteration has the name of the shared sum, further down.
// twin: free/065_pi

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let mut sum = 0;
    #[parallel_for]
    for i in 0..a.len() {
        sum += a[i]; //~ `sum` declared here, outside the closure
        let sum = 5;
        println!("{sum}");
    }
    println!("{sum}");
}

fn main() {
    run(&mut [1; 100]);
}
