//! X-method-of-capture: iterations count in one map.
// twin: free/x71_mutex_list, or an array reduction

use phalanx::prelude::*;

use std::collections::HashMap;

#[omp]
fn run(a: &mut [i32]) {
    let mut map = HashMap::new();
    #[parallel_for]
    for i in 0..a.len() {
        *map.entry(a[i]).or_insert(0) += 1; //~ `map` declared here, outside the closure
    }
}

fn main() {
    run(&mut [1; 100]);
}
