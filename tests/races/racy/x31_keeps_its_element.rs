//! X-escape: a reference to an owned element is kept beyond the iteration.
// twin: free/x71_mutex_list keeps values

use phalanx::prelude::*;

use std::sync::Mutex;

#[omp]
fn run(a: &mut [i32]) {
    let kept: Mutex<Vec<&mut i32>> = Mutex::new(vec![]);
    #[parallel_for(disjoint(a))]
    for i in 0..100 {
        //~ E0716 temporary value dropped while borrowed
        kept.lock().unwrap().push(&mut a[i]);
    }
}

fn main() {
    run(&mut [1; 100]);
}
