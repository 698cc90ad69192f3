//! A loop that writes an array cannot read it as a whole: another thread writes elsewhere in it.
use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 4];
    region(Static, &mut a, |cx, mut a| {
        cx.for_each(Static, a.items_mut(), a.reading(), |x, a| *x = a[0]);
    });
}
