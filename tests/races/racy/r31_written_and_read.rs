//! R-view: a loop writes its own elements and reads all of the same array.
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 100];
    region(Static, &mut a, |cx, mut a| {
        let source = (0..100, a.items_mut());
        cx.for_each(Static, source, a.reading(), |(i, x), a| *x = a[99 - i]); //~ cannot borrow `a` as immutable
    });
}
