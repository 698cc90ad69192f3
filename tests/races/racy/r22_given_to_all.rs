//! R-copyprivate: one thread gives all others a value whose count they all change.
// twin: free/125_single: an `Arc`, or the value itself

use phalanx::prelude::*;
use std::rc::Rc;

#[omp]
fn run() {
    #[parallel]
    {
        let value = #[single]
        {
            Rc::new(5)
            //~ `Rc<{integer}>` cannot be sent between threads safely
            //~ `Rc<{integer}>` cannot be shared between threads safely
        };
        drop(value);
    }
}

fn main() {
    run();
}
