//! Elements that may not change threads cannot be shared by a region.
use phalanx::prelude::*;
use std::rc::Rc;

fn main() {
    let mut a = vec![Rc::new(1); 4];
    region(Static, &mut a, |_cx, _a| ());
}
