//! Y-loop-carried-1d: an array is walked in step with itself, one element on.
// twin: free/070_lanes

use phalanx::prelude::*;

fn run(a: &mut [i32]) {
    parallel_for(Static, (&a[1..], &mut a[..99]), |(next, x)| *x = *next); //~ E0502 cannot borrow `*a` as mutable
}

fn main() {
    run(&mut [1; 100]);
}
