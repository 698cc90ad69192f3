//! Y-sections-conflict: both parts of a `join` write one array.
// twin: `split_at_mut` before the `join`

use phalanx::prelude::*;

fn run(a: &mut [i32]) {
    phalanx::join(|| a[0] = 1, || a[1] = 2); //~ two closures require unique access to `*a` at the same time
}

fn main() {
    run(&mut [1; 100]);
}
