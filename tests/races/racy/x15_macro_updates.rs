//! Y-missing-reduction: a macro updates the sum.
// twin: free/065_pi

use phalanx::prelude::*;

macro_rules! add {
    ($to:ident, $what:expr) => {
        $to += $what //~ `sum` declared here, outside the closure
    };
}

#[omp]
fn run(a: &mut [i32]) {
    let mut sum = 0;
    #[parallel_for]
    for i in 0..a.len() {
        add!(sum, a[i]);
    }
    println!("{sum}");
}

fn main() {
    run(&mut [1; 100]);
}
