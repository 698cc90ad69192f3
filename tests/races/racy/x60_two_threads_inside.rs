//! X-escape: an iteration gives its element to two threads of its own.
// twin: one of them

use phalanx::prelude::*;

fn run(a: &mut [i32]) {
    parallel_for(Static, a, |x| {
        std::thread::scope(|s| {
            s.spawn(|| *x += 1);
            s.spawn(|| *x += 1); //~ E0499 cannot borrow `*x` as mutable more than once at a time
        });
    });
}

fn main() {
    run(&mut [1; 100]);
}
