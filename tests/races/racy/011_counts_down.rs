//! Y-missing-atomic-counter: iterations count down a variable that they share.
// twin: free/065_pi: a reduction

use phalanx::prelude::*;

#[omp]
fn run(x: &[i32], mut nodes: i32) -> i32 {
    #[parallel_for]
    for i in 0..x.len() {
        if x[i] <= 0 {
            nodes -= 1; //~ `nodes` is updated by every iteration: add `reduction(+: nodes)`
        }
    }
    nodes
}

fn main() {
    println!("{}", run(&[-5; 100], 100));
}
