//! R-lock: a critical section is entered by the thread that is in it.
//! panics: taken by the thread that holds it
// twin: free/190_producer_and_consumer

use phalanx::prelude::*;

fn add(sum: &Critical<i32>) {
    sum.with(|sum| *sum += 1);
}

fn main() {
    let sum = Critical::new(0);
    region(Options::new().num_threads(4), (), |_cx, ()| {
        sum.with(|_| add(&sum));
    });
}
