//! Y-scalar-carried: an iteration reads the variable that the one before assigned.
// twin: free/112_linear computes from `i` what would be carried

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [usize]) {
    let mut tmp = 10;
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() {
        a[i] = tmp;
        tmp = a[i] + i; //~ `tmp` is read before it is assigned
    }
}

fn main() {
    run(&mut [0; 100]);
}
