//! A region inside a region cannot use the outer one's views: its team is another one.
use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 4];
    region(Static, &mut a, |_cx, a| {
        region(Static, (), |inner, ()| {
            inner.each(a.reading(), |a| a[0]);
        });
    });
}
