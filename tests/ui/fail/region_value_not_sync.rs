//! What all threads read at once must be `Sync`.
use phalanx::prelude::*;
use std::cell::Cell;

fn main() {
    region(Static, (), |cx, ()| {
        let _: Cell<i32> = cx.single((), (), |(), ()| Cell::new(1));
    });
}
