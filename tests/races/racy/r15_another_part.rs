//! R-identity: each thread gives the loop another part of the array, and the parts overlap.
//! panics: the threads of a team meet in different constructs
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 100];
    region(Options::new().num_threads(4), &mut a, |cx, mut a| {
        let from = 10 * cx.thread_num();
        let mut part = a.slice_mut(from..from + 50);
        cx.for_each(Static, part.items_mut(), (), |x, ()| *x += 1);
    });
}
