//! Y-scalar-carried: an iteration reads the variable that the one before assigned.
// twin: free/112_linear computes from `i` what would be carried

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [usize]) -> usize {
    let mut x = 10;
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() {
        a[i] = x;
        x = i; //~ `x` is read before it is assigned
    }
    x
}

fn main() {
    println!("{}", run(&mut [0; 100]));
}
