//! Y-missing-ordered: an ordered loop updates a variable outside of its ordered part.
// twin: free/110_ordered

use phalanx::prelude::*;

#[omp]
fn run() -> i32 {
    let mut x = 0;
    #[parallel_for(ordered, schedule(dynamic, 1))]
    for i in 0..100 {
        x += 1; //~ `x` is changed outside of the ordered part
        #[ordered]
        {
            println!("{i}");
        }
    }
    x
}

fn main() {
    println!("{}", run());
}
