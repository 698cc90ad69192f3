//! One array cannot be shared twice.
use phalanx::prelude::*;

fn main() {
    let mut a = vec![0u64; 4];
    region(Static, (&mut a, &mut a), |_cx, (_a, _b)| ());
}
