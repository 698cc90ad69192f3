//! R-nesting: each thread runs all of a combined loop over the team's array.
// twin: free/r51_views_change_roles: `for_each` shares it out among the team

use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 64];
    region(Static, &mut a, |_cx, mut a| {
        parallel_for(Static, a.items_mut(), |x| *x += 1); //~ cannot be shared out among threads
    });
}
