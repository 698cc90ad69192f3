//! A construct inside another one: its threads would not all meet there.
use phalanx::prelude::*;

fn main() {
    region(Static, (), |cx, ()| {
        cx.for_each(Static, 0..4, (), |_, ()| cx.barrier());
        cx.single((), (), |(), ()| cx.barrier());
    });
}
