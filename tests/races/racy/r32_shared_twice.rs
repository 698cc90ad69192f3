//! R-view: one array under two names.
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 100];
    region(Static, (&mut a, &mut a), |cx, (mut a, b)| {
        //~ cannot borrow `a` as mutable more than once
        cx.for_each(Static, (0..100, a.items_mut()), b.reading(), |(i, x), b| {
            *x = b[99 - i]
        });
    });
}
