//! R-lock: a lock is taken by the thread that has it.
//! panics: taken by the thread that holds it
// twin: free/r53_a_lock_in_itself: a `NestLock`

use phalanx::prelude::*;

fn main() {
    let sum = Lock::new(0);
    region(Options::new().num_threads(4), (), |_cx, ()| {
        let mut outer = sum.lock();
        *sum.lock() += 1;
        *outer += 1;
    });
}
