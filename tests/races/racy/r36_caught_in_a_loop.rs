//! R-poison: a thread catches its panic inside a loop, and would share out the next array alone.
//! panics: inner
// twin: free/r51_views_change_roles

use phalanx::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn main() {
    let mut a = vec![0u64; 100];
    region(Options::new().num_threads(4), &mut a, |cx, mut a| {
        let num = cx.thread_num();
        let caught = AssertUnwindSafe(|| {
            cx.for_each(Static, a.items_mut(), (), |x, ()| {
                assert!(num != 1, "inner");
                *x += 1;
            });
        });
        let _ = catch_unwind(caught);
        let again =
            AssertUnwindSafe(|| cx.for_each(Dynamic(1), a.items_mut(), (), |x, ()| *x += 1));
        let _ = catch_unwind(again);
    });
}
