//! R-lock: a lock that may be taken twice would give `&mut` to the same data twice.
// twin: free/r53_a_lock_in_itself

use phalanx::prelude::*;

fn main() {
    let sum = NestLock::new(0);
    region(Static, (), |_cx, ()| {
        sum.with(|outer| sum.with(|inner| *inner += *outer)); //~ E0594
    });
}
