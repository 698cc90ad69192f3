//! Y-loop-carried-2d-row: two loops as one, and every cell's iteration writes column 0.
//! panics: of a `disjoint` array, and touched element 0
// twin: free/093_collapse

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let mut g = Grid2::filled(10, 10, a[0]);
    #[parallel_for(disjoint(g), collapse(2))]
    for i in 0..10 {
        for j in 0..10 {
            let row = &mut g[i];
            row[0] += j as i32;
        }
    }
}

fn main() {
    run(&mut [1; 100]);
}
