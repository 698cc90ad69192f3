//! X-escape: a thread's copy of the sum is given to the others.
// twin: free/065_pi

use phalanx::prelude::*;

use std::sync::Mutex;

fn run(a: &mut [i32]) {
    let kept = Mutex::new(Vec::new());
    let sum = parallel_reduce(Static, &*a, ops::Add, 0, |s: &mut i32, x| {
        *s += x;
        kept.lock().unwrap().push(s); //~ borrowed data escapes outside of closure
    });
    println!("{sum}");
}

fn main() {
    run(&mut [1; 100]);
}
