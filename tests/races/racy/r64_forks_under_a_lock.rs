//! R-lock: a thread that holds a lock starts a team whose threads take the same lock.
//! panics: holds a lock (it took one at
// twin: free/r52_a_region_in_a_region

use phalanx::prelude::*;

fn main() {
    let sum = Lock::new(0);
    let mut guard = sum.lock();
    parallel_for(Static.num_threads(4), 0..100, |i| *sum.lock() += i);
    *guard += 1;
}
