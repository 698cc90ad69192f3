//! A combined loop inside a region forks a team for each thread: it cannot share out what all threads see.
use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 4];
    region(Static, &mut a, |_cx, mut a| {
        parallel_for(Static, a.items_mut(), |x| *x += 1);
    });
}
