//! R-nesting: a thread exchanges its place in one team for its place in another.
// twin: free/r52_a_region_in_a_region

use phalanx::prelude::*;

fn main() {
    region(Options::new().num_threads(2), (), |outer, ()| {
        region(Options::new().num_threads(2), (), |inner, ()| {
            //~ cannot be shared between threads safely
            std::mem::swap(outer, inner);
            inner.barrier();
        });
    });
}
