//! R-lock: a thread waits for the others while it holds the lock that they want.
//! panics: holds a lock (it took one at
// twin: free/069_lock_in_sections

use phalanx::prelude::*;

#[omp]
fn run() -> i32 {
    let sum = Lock::new(0);
    #[parallel(num_threads(4))]
    {
        let mut guard = sum.lock();
        *guard += 1;
        barrier!();
        *guard += 1;
    }
    sum.into_inner()
}

fn main() {
    println!("{}", run());
}
