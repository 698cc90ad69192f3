//! Y-loop-carried-2d-row: a sweep over every second row reads one that it writes.
//! panics: owns row 5 and may write it now
// twin: free/x82_rows_of_a_sweep

use phalanx::prelude::*;

#[omp]
fn run(g: &mut Grid2<i32>) {
    #[parallel_for(schedule(static))]
    for (i, me, others) in g.sweep_rows(1, 2) {
        if i == 3 {
            me[0] = others[i + 2][0];
        }
    }
}

fn main() {
    run(&mut Grid2::filled(10, 10, 1));
}
