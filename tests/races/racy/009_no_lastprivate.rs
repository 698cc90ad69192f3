//! Y-missing-lastprivate: every iteration assigns a variable that is used after the loop.
// twin: free/059_lastprivate

use phalanx::prelude::*;

#[omp]
fn run() -> usize {
    let mut x = 0;
    #[parallel_for]
    for i in 0..100 {
        x = i; //~ `x` is assigned by every iteration: add `private(x)`, or `lastprivate(x)`
    }
    x
}

fn main() {
    println!("{}", run());
}
