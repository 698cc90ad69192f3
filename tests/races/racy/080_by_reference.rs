//! Y-missing-atomic-by-ref: every thread passes on a reference to one variable, and changes it there.
// twin: free/081_by_value, or free/108_atomic

use phalanx::prelude::*;

fn one_more(q: &mut i32) {
    *q += 1;
}

#[omp]
fn run() -> i32 {
    let mut i = 0;
    #[parallel]
    {
        one_more(&mut i); //~ `&mut i`: every thread of the region would change the one `i`
    }
    i
}

fn main() {
    println!("{}", run());
}
