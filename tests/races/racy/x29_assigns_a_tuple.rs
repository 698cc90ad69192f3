//! Y-missing-private: two shared variables are assigned at once.
// twin: free/059_lastprivate

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let (mut low, mut high) = (0, 0);
    #[parallel_for]
    for i in 0..a.len() {
        // Each of the two is an error.
        //~ `low` is assigned by every iteration
        //~ `high` is assigned by every iteration
        (low, high) = (a[i], a[i] + 1);
    }
    println!("{low} {high}");
}

fn main() {
    run(&mut [1; 100]);
}
