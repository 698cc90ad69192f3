//! R-identity: a thread leaves the region while the others wait for it.
//! panics: the threads of a team meet in different constructs
// twin: free/r51_views_change_roles: what decides is the same on all threads

use phalanx::prelude::*;

fn main() {
    region(Options::new().num_threads(4), (), |cx, ()| {
        if cx.thread_num() == 0 {
            return;
        }
        cx.barrier();
    });
}
