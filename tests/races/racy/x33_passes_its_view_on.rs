//! X-escape: an iteration hands its view of the array to the next.
// twin: free/045_doall

use phalanx::prelude::*;

use std::sync::Mutex;

#[omp]
fn run(a: &mut [i32]) {
    let slot = Mutex::new(None);
    #[parallel_for(disjoint(a))]
    for _i in 0..100 {
        //~ `*mut i32` cannot be sent between threads safely
        drop(slot.lock().unwrap().replace(a));
    }
}

fn main() {
    run(&mut [1; 100]);
}
