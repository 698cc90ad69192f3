//! Y-missing-linear-induction: iterations advance the index that they write to.
// twin: free/112_linear computes the second index from the first

use phalanx::prelude::*;

#[omp]
fn run(input: &[i32], output: &mut [i32]) -> usize {
    let mut len = 0;
    #[parallel_for]
    for i in 0..input.len() {
        output[len] = input[i]; //~ `output[len]`: every iteration advances `len`
        len += 1;
    }
    len
}

fn main() {
    println!("{}", run(&[1; 1000], &mut [0; 1000]));
}
