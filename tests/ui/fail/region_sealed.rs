//! What a region can share is phalanx's to say.
use phalanx::prelude::*;
use std::cell::Cell;

struct Everybody<'a>(&'a Cell<i32>);

fn shared_by_a_region<T: phalanx::Share>(_: T) {}

fn main() {
    let cell = Cell::new(1);
    shared_by_a_region(Everybody(&cell));
    region(Static, (), |_cx, ()| ());
}
