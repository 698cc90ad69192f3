//! Y-missing-threadprivate: a global counter that every thread advances, beside one that is its own.
// twin: free/085_threadprivate

use phalanx::prelude::*;

static mut COUNTER: i32 = 0;
threadprivate! {
    static OWN: i32 = 0;
}

fn count() {
    COUNTER += 1; //~ E0133
    OWN.with_mut(|own| *own += 1);
}

#[omp]
fn run() {
    #[parallel]
    {
        count();
    }
}

fn main() {
    run();
}
