//! R-escape: a thread keeps items of one loop, and uses them when the next one gives them to others.
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 64];
    region(Static, &mut a, |cx, mut a| {
        let mut kept: Vec<&mut u64> = Vec::new();
        cx.for_each(Static, a.items_mut(), (), |x, ()| kept.push(x)); //~ borrowed data escapes
        for x in &mut kept {
            **x += 1;
        }
        cx.for_each(Dynamic(1), a.items_mut(), (), |x, ()| *x += 1);
    });
}
