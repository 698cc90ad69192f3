//! R-nesting: each thread shares out the outer team's array in a team of its own.
// twin: free/r52_a_region_in_a_region

use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 64];
    region(Static, &mut a, |_cx, mut a| {
        region(Static, (), |inner, ()| {
            //~ cannot be shared between threads safely
            inner.for_each(Static, a.items_mut(), (), |x, ()| *x += 1);
        });
    });
}
