//! X-method-of-capture: iterations draw from one iterator.
// twin: free/112_linear computes what each would draw

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let mut numbers = 0..100;
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() {
        a[i] = numbers.next().unwrap(); //~ `numbers` declared here, outside the closure
    }
}

fn main() {
    run(&mut [1; 100]);
}
