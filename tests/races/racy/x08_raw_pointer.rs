//! Y-missing-atomic-by-ref: every iteration has the same raw pointer.
// twin: free/045_doall

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let p = a.as_mut_ptr();
    #[parallel_for]
    for i in 0..100 {
        //~ `*mut i32` cannot be shared between threads safely
        println!("{:?}", p.wrapping_add(i));
    }
}

fn main() {
    run(&mut [1; 100]);
}
