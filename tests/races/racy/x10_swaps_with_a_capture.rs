//! X-method-of-capture: iterations swap their value with one that they share.
// twin: free/065_pi

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let mut largest = 0;
    #[parallel_for]
    for i in 0..a.len() {
        let mut mine = a[i];
        std::mem::swap(&mut mine, &mut largest); //~ `&mut largest`: every iteration would change
    }
    println!("{largest}");
}

fn main() {
    run(&mut [1; 100]);
}
