//! R-nesting: one thread enters a loop whose barrier is for all.
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 64];
    region(Static, &mut a, |cx, mut a| {
        cx.single((), (), |(), ()| {
            //~ closure requires unique access to `*cx`
            //~ cannot borrow `*cx` as mutable
            cx.for_each(Static, a.items_mut(), (), |x, ()| *x += 1);
        });
    });
}
