//! Y-alias-buffers: after a bad swap, the buffer that is read is the one that is written.
// twin: free/194_two_buffers

use phalanx::prelude::*;

#[omp]
fn step(old: &[f64], new: &mut [f64]) {
    #[parallel_for(disjoint(new))]
    for i in 1..new.len() - 1 {
        new[i] = old[i] + 0.25 * (old[i - 1] - 2.0 * old[i] + old[i + 1]);
    }
}

fn main() {
    let mut u = vec![1.0; 1000];
    for _ in 0..10 {
        let (old, new) = (&u, &mut u); //~ E0502 cannot borrow `u` as mutable because it is also borrowed as immutable
        step(old, new);
    }
}
