//! Y-missing-threadprivate: a `static mut` in an index, where the loop is compiled twice and in lanes.
// twin: a constant, or a variable

use phalanx::prelude::*;

static mut OFFSET: usize = 0;

#[omp]
fn run(x: &[f64]) {
    let mut sum = 0.0;
    #[parallel_for(reduction(+: sum))]
    for i in 0..50 {
        sum += x[i + OFFSET]; //~ E0133 use of mutable static is unsafe
    }
    println!("{sum}");
}

fn main() {
    run(&[1.0; 100]);
}
