//! X-interior-mutability: threads fill an array with clones of one `Rc`.
// twin: `Arc`

use phalanx::prelude::*;

use std::rc::Rc;

fn run(a: &mut [i32]) {
    let v = NumaVec::filled(Static, a.len(), Rc::new(1));
    //~ `Rc<{integer}>` cannot be shared between threads safely
    //~ `Rc<{integer}>` cannot be sent between threads safely
    println!("{}", v.len());
}

fn main() {
    run(&mut [1; 100]);
}
