//! Y-scalar-carried: an iteration reads the variable that the one before assigned.
// twin: free/059_lastprivate keeps the value; what is carried from iteration to iteration stays sequential

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [usize]) -> usize {
    let mut x = 10;
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() {
        a[i] = x;
        x = i; //~ `x` is assigned by every iteration
    }
    x
}

fn main() {
    println!("{}", run(&mut [0; 100]));
}
