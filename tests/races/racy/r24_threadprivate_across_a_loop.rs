//! R-threadprivate: a thread holds its variable while it runs iterations that change the same variable.
//! panics: in use already
// twin: free/085_threadprivate

use phalanx::prelude::*;

threadprivate! {
    static SUM: u64 = 0;
}

fn main() {
    region(Options::new().num_threads(4), (), |cx, ()| {
        SUM.with_mut(|sum| {
            cx.for_each(Static, 0..100u64, (), |i, ()| SUM.with_mut(|sum| *sum += i));
            *sum += 1;
        });
    });
}
