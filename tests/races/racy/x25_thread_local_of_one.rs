//! X-interior-mutability: iterations share the `thread_local` of the thread that forked.
// twin: free/x74_thread_local asks in the body

use phalanx::prelude::*;

use std::cell::Cell;

thread_local! {
    static COUNT: Cell<i32> = const { Cell::new(0) };
}

#[omp]
fn run(a: &mut [i32]) {
    COUNT.with(|count| {
        #[parallel_for]
        for i in 0..a.len() {
            //~ `Cell<i32>` cannot be shared between threads safely
            count.set(count.get() + a[i]);
        }
    });
}

fn main() {
    run(&mut [1; 100]);
}
