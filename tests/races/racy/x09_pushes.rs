//! X-method-of-capture: iterations push into a vector that they share.
// twin: free/x71_mutex_list

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let mut seen = Vec::new();
    #[parallel_for]
    for i in 0..a.len() {
        seen.push(a[i]); //~ `seen` declared here, outside the closure
    }
    println!("{}", seen.len());
}

fn main() {
    run(&mut [1; 100]);
}
