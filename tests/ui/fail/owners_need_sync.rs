//! What nobody owns is read by all iterations, so it has to be `Sync`.
use phalanx::prelude::*;
use std::cell::Cell;

fn main() {
    let o = Owners::new(6, 3, |i| [i]).unwrap();
    let mut cells = [const { Cell::new(0) }; 6];
    region(Static, &mut cells, |cx, mut cells| {
        cx.for_each(Static, cells.owned(&o), (), |c, ()| c[5].set(1));
    });
}
