//! Y-loop-carried-1d: each iteration reads two elements as a slice.
// twin: free/194_two_buffers

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for(disjoint(a))]
    for i in 0..98 {
        let sum: i32 = a[i..i + 2].iter().sum(); //~ `a[i..i + 2]`: iteration `i` owns only `a[i]`
        a[i] = sum;
    }
}

fn main() {
    run(&mut [1; 100]);
}
