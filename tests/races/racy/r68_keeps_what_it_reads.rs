//! R-escape: a thread keeps a reading of an array, and uses it when others write.
// twin: free/125_single: the value of a block reaches all threads

use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 100];
    region(Static, &mut a, |cx, mut a| {
        let first = cx.each(a.reading(), |a| &a[0]); //~ lifetime may not live long enough
        cx.for_each(Static, a.items_mut(), (), |x, ()| *x += 1);
        println!("{first}");
    });
}
