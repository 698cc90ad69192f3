//! What a loop without a barrier writes may not be read before the scope's end.
use phalanx::prelude::*;

fn main() {
    let (mut a, mut b) = (vec![0u64; 4], vec![0u64; 4]);
    region(Static, (&mut a, &mut b), |cx, (mut a, mut b)| {
        cx.nowait(|scope| {
            scope.for_each(Static, a.items_mut(), (), |x, ()| *x = 1);
            scope.for_each(Static, b.items_mut(), a.reading(), |x, a| *x = a[0]);
        });
    });
}
