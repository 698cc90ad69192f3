use phalanx::prelude::*;

use std::sync::Mutex;

#[omp]
fn f(y: &mut [f64]) {
    let kept = Mutex::new(Vec::new());
    #[parallel_for(disjoint(y))]
    for i in 0..4 {
        kept.lock().unwrap().push(&mut y[i]);
    }
    #[parallel_for(disjoint(y))]
    for i in 0..4 {
        y[i] = 1.0;
    }
    *kept.lock().unwrap()[0] = 2.0;
}

fn main() {}
