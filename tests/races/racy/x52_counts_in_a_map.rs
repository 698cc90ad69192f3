//! Y-missing-atomic-counter: the body of a map counts its calls.
// twin: free/x70_atomic_counter

use phalanx::prelude::*;

fn run(a: &mut [i32]) {
    let mut count = 0;
    let all = parallel_map(Static, &*a, |x| {
        count += 1; //~ cannot assign to `count`, as it is a captured variable in a `Fn` closure
        *x
    });
    println!("{}", all.len());
}

fn main() {
    run(&mut [1; 100]);
}
