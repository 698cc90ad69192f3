//! The lists of a table are made by many threads at once.
use phalanx::prelude::*;
use std::cell::Cell;

fn main() {
    let count = Cell::new(0);
    let _ = Owners::new(6, 3, |i| {
        count.set(count.get() + 1);
        [i]
    });
}
