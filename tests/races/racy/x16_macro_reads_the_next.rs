//! Y-loop-carried-1d: a macro reads the next iteration's element.
//! panics: of a `disjoint` array, and touched element
// twin: free/045_doall

use phalanx::prelude::*;

macro_rules! next {
    ($a:ident, $i:ident) => {
        $a[$i + 1]
    };
}

#[omp]
fn run(a: &mut [i32]) {
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() - 1 {
        a[i] = next!(a, i);
    }
}

fn main() {
    run(&mut [1; 100]);
}
