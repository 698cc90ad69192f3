//! R-escape: the thread of a `single` keeps the array that it had for itself.
// twin: free/125_single

use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 100];
    region(Static, &mut a, |cx, mut a| {
        let mut kept: Option<&mut [u64]> = None;
        cx.single(a.whole_mut(), (), |a, ()| kept = Some(a)); //~ borrowed data escapes
        cx.barrier();
        if let Some(a) = kept {
            a[0] = 1;
        }
    });
}
