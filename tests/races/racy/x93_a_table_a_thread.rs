//! Y-indirect-overlap: each thread of a region scatters by indices of its own.
//! panics: the threads of a team meet in different constructs
// twin: free/052_indirect_disjoint: one table for all threads, made before the region

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    #[parallel(num_threads(2), shared(a))]
    {
        let own: Vec<usize> = (0..10).map(|i| i + phalanx::thread_num()).collect();
        let targets = Scatter::new(&own, 0, a.len()).unwrap();
        #[for_each(schedule(static))]
        for x in a.scatter(&targets) {
            *x += 1;
        }
    }
}

fn main() {
    run(&mut [1; 100]);
}
