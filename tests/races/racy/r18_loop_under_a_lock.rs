//! R-lock: a thread enters a loop while it holds a lock that the others take before they come there.
//! panics: holds a lock (it took one at
// twin: free/085_threadprivate: a loop and then a critical section

use phalanx::prelude::*;

fn main() {
    let (sum, total) = (Lock::new(0), Atomic::new(0));
    region(Options::new().num_threads(4), (), |cx, ()| {
        let mut sum = sum.lock();
        cx.for_each(Static, 0..100, (), |i, ()| total.add(i));
        *sum += 1;
    });
}
