//! R-view: a thread that is none of the team gets a view.
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 100];
    region(Static, &mut a, |_cx, mut a| {
        std::thread::scope(|s| {
            s.spawn(|| _ = a.items_mut()); //~ cannot be sent between threads safely
        });
    });
}
