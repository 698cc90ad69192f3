//! X-interior-mutability: iterations count the owners of an `Rc`.
// twin: `Arc` counts with atomics

use phalanx::prelude::*;

use std::rc::Rc;

#[omp]
fn run(a: &mut [i32]) {
    let shared = Rc::new(5);
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() {
        //~ `Rc<i32>` cannot be shared between threads safely
        let mine = Rc::clone(&shared);
        a[i] += *mine;
    }
}

fn main() {
    run(&mut [1; 100]);
}
