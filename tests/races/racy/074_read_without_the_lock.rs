//! Y-partial-lock: a variable is written in a critical section, and read outside of it.
// twin: free/143_event: what is under a lock is read under that lock

use phalanx::prelude::*;

#[omp]
fn run() -> i32 {
    let i = Critical::new(0);
    let sum = Atomic::new(0);
    #[parallel(num_threads(10))]
    {
        #[critical(i)]
        {
            *i = 1;
        }
        sum.add(*i); //~ `*i` outside of `#[critical(i)]`
    }
    sum.into_inner()
}

fn main() {
    println!("{}", run());
}
