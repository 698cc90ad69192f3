//! X-interior-mutability: a `RefCell` in a static.
// twin: a `Mutex` in its place

use phalanx::prelude::*;

use std::cell::RefCell;
use std::sync::OnceLock;

static SEEN: OnceLock<RefCell<i32>> = OnceLock::new(); //~ `RefCell<i32>` cannot be shared between threads safely

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for]
    for i in 0..a.len() {
        *SEEN.get_or_init(Default::default).borrow_mut() += a[i];
    }
}

fn main() {
    run(&mut [1; 100]);
}
