//! Y-missing-threadprivate: iterations add up in a `static mut`.
// twin: free/065_pi

use phalanx::prelude::*;

static mut COUNT: i32 = 0;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for]
    for i in 0..a.len() {
        COUNT += a[i]; //~ E0133 use of mutable static is unsafe
    }
}

fn main() {
    run(&mut [1; 100]);
}
