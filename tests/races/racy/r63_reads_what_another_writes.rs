//! R-identity: threads split one array at different places, so that one reads what another one writes.
//! panics: the threads of a team meet in different constructs
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 100];
    region(Options::new().num_threads(4), &mut a, |cx, mut a| {
        let (mut low, high) = a.split_at_mut(30 + 10 * cx.thread_num());
        let mut part = low.slice_mut(..30);
        cx.for_each(Static, part.items_mut(), high.reading(), |x, high| {
            *x += high[0]
        });
    });
}
