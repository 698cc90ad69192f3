//! Y-function-local-static: a function that every thread calls keeps a variable between its calls.
// twin: free/108_atomic, or free/085_threadprivate

use phalanx::prelude::*;

fn one_more() {
    static mut Q: i32 = 0;
    Q += 1; //~ E0133
}

#[omp]
fn run() {
    #[parallel]
    {
        one_more();
    }
}

fn main() {
    run();
}
