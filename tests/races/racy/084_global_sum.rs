//! Y-missing-threadprivate: each thread means to have a sum of its own, and there is one for all.
// twin: free/085_threadprivate

use phalanx::prelude::*;

static mut SUM0: i32 = 0;

fn add(i: i32) {
    SUM0 += i; //~ E0133
}

#[omp]
fn run() -> i32 {
    let sum = Critical::new(0);
    #[parallel]
    {
        #[for_each]
        for i in 1..=1000 {
            add(i);
        }
        #[critical(sum)]
        {
            *sum += SUM0; //~ E0133
        }
    }
    sum.into_inner()
}

fn main() {
    println!("{}", run());
}
