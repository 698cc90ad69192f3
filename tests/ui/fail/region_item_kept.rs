//! An item of a worksharing loop cannot outlive its construct: another thread may own it in the next.
use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 4];
    region(Static, &mut a, |cx, mut a| {
        let mut kept: Vec<&mut u64> = vec![];
        cx.for_each(Static, a.items_mut(), (), |x, ()| kept.push(x));
    });
}
