//! R-view: a thread keeps the whole array for itself across a loop that shares it out.
// twin: free/125_single

use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 100];
    region(Static, &mut a, |cx, mut a| {
        let whole = a.whole_mut();
        cx.for_each(Static, a.items_mut(), (), |x, ()| *x += 1); //~ cannot borrow `a` as mutable
        cx.single(whole, (), |a, ()| a[0] = 1);
    });
}
