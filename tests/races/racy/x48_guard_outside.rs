//! X-method-of-capture: the lock is held around the loop, and its guard shared.
// twin: free/x71_mutex_list locks in the body

use phalanx::prelude::*;

use std::sync::Mutex;

#[omp]
fn run(a: &mut [i32]) {
    let sum = Mutex::new(0);
    let mut guard = sum.lock().unwrap();
    #[parallel_for]
    for i in 0..a.len() {
        *guard += a[i]; //~ `*guard` is updated by every iteration
    }
}

fn main() {
    run(&mut [1; 100]);
}
