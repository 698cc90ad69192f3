//! X-interior-mutability: iterations push into a `RefCell`.
// twin: free/x71_mutex_list

use phalanx::prelude::*;

use std::cell::RefCell;

#[omp]
fn run(a: &mut [i32]) {
    let seen = RefCell::new(Vec::new());
    #[parallel_for]
    for i in 0..a.len() {
        //~ `RefCell<Vec<i32>>` cannot be shared between threads safely
        seen.borrow_mut().push(a[i]);
    }
}

fn main() {
    run(&mut [1; 100]);
}
