//! Y-missing-private: a scratch variable that all iterations share.
// twin: free/065_pi has `private(x)`

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [usize]) {
    let mut tmp;
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() {
        tmp = a[i] + i; //~ `tmp` is assigned by every iteration: add `private(tmp)`
        a[i] = tmp;
    }
}

fn main() {
    run(&mut [0; 100]);
}
