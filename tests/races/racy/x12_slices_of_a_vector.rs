//! Y-alias-buffers: iterations write through slices in a vector that they share.
// twin: free/066_two_arrays names each

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let (left, right) = a.split_at_mut(50);
    let mut parts: Vec<&mut [i32]> = vec![left, right];
    #[parallel_for]
    for i in 0..50 {
        parts[0][i] = 1; //~ `parts[0][i]` is written
        parts[1][0] = 1;
    }
}

fn main() {
    run(&mut [1; 100]);
}
