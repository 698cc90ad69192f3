//! R-escape: a scope whose constructs nobody waits for outlives the barrier at its end.
// twin: free/104_nowait_and_barrier

use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 100];
    region(Static, &mut a, |cx, mut a| {
        let mut kept = None;
        cx.nowait(|scope| kept = Some(scope)); //~ borrowed data escapes
        if let Some(scope) = kept {
            scope.for_each(Static, a.items_mut(), (), |x, ()| *x += 1);
        }
        cx.for_each(Dynamic(1), a.items_mut(), (), |x, ()| *x += 1);
    });
}
