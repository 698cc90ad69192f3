//! R-identity: threads cut one array into the same number of chunks, which overlap.
//! panics: the threads of a team meet in different constructs
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 100];
    region(Options::new().num_threads(2), &mut a, |cx, mut a| {
        let size = 50 + 40 * cx.thread_num();
        cx.for_each(Static, a.chunks_mut(size), (), |chunk, ()| {
            chunk.iter_mut().for_each(|x| *x += 1);
        });
    });
}
