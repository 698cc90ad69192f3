//! Y-broken-user-sync: a barrier made of locks that lets a thread through too early.
// twin: free/104_nowait_and_barrier

use phalanx::prelude::*;

#[omp]
fn run() -> i32 {
    let mut x = 0;
    let (first, second) = (Lock::new(0), Lock::new(()));
    #[parallel(num_threads(3))]
    {
        if phalanx::thread_num() == 0 {
            x = 1; //~ `x` is assigned by every thread of the region
        }
        // Who comes here counts, and goes on.
        *first.lock() += 1;
        drop(second.lock());
        if phalanx::thread_num() != 0 {
            assert_eq!(x, 1);
        }
    }
    x
}

fn main() {
    println!("{}", run());
}
