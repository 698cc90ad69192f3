//! Y-loop-carried-single-elem: an iteration that finds something writes element 0, which is another's.
//! panics: owns only element 50 of a `disjoint` array, and touched element 0
// twin: free/059_lastprivate or a reduction: what is found is a variable

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [usize], wanted: usize) {
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() {
        a[i] = i;
        if a[i] == wanted {
            a[0] = 1;
        }
    }
}

fn main() {
    run(&mut [0; 100], 50);
}
