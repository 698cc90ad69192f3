//! Y-loop-carried-1d: the body of a call writes an array that it captured.
// twin: free/045_doall: the elements are the loop

use phalanx::prelude::*;

fn run(a: &mut [i32]) {
    parallel_for(Static, 0..99, |i| a[i] = a[i + 1]); //~ as `Fn` closures cannot mutate their captured variables
}

fn main() {
    run(&mut [1; 100]);
}
