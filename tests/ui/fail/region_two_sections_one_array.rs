//! Two sections run at once: they cannot have the same array.
use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 4];
    region(Static, &mut a, |cx, mut a| {
        cx.sections()
            .section(a.whole_mut(), (), |a, ()| a[0] = 1)
            .section(a.whole_mut(), (), |a, ()| a[0] = 2)
            .run();
    });
}
