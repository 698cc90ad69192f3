//! R-sealed: a program says of its own type that threads may see it as they like.
// twin: free/r51_views_change_roles

use phalanx::prelude::*;
use std::cell::Cell;

struct Everybody<'a>(&'a Cell<i32>);

impl phalanx::Share for Everybody<'_> {
    //~ not all trait items implemented
    //~ Sealed
    type View<'r> = i32;
}

fn main() {
    let cell = Cell::new(1);
    region(Static, Everybody(&cell), |_cx, _view| ());
}
