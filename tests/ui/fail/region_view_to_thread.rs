//! A view and a context stay on their thread.
use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 4];
    region(Static, &mut a, |cx, mut a| {
        std::thread::scope(|s| {
            s.spawn(|| _ = a.items_mut());
            s.spawn(|| cx.barrier());
        });
    });
}
