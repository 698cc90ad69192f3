//! Arrays cannot change roles while a loop may still use them.
use phalanx::prelude::*;

fn main() {
    let (mut a, mut b) = (vec![0u64; 4], vec![0u64; 4]);
    region(Static, (&mut a, &mut b), |cx, (mut a, mut b)| {
        cx.nowait(|scope| {
            scope.for_each(Static, a.items_mut(), (), |x, ()| *x = 1);
            std::mem::swap(&mut a, &mut b);
            scope.for_each(Static, a.items_mut(), (), |x, ()| *x = 1);
        });
    });
}
