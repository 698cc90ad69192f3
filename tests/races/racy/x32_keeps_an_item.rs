//! X-escape: elements of one loop are kept, and used after the next.
// twin: free/x71_mutex_list keeps values

use phalanx::prelude::*;

use std::sync::Mutex;

fn run(a: &mut [i32]) {
    let kept: Mutex<Vec<&mut i32>> = Mutex::new(vec![]);
    parallel_for(Static, &mut *a, |x| kept.lock().unwrap().push(x));
    parallel_for(Static, &mut *a, |x| *x += 1); //~ E0499 cannot borrow `*a` as mutable more than once at a time
    *kept.lock().unwrap()[0] = 2;
}

fn main() {
    run(&mut [1; 100]);
}
