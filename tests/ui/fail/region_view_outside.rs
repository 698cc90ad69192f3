//! A view opens only inside a construct.
use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 4];
    region(Static, &mut a, |_cx, a| {
        println!("{}", a[0]);
    });
}
