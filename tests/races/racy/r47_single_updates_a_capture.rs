//! R-capture: one thread updates a variable from outside, and the others read it.
// twin: free/077_single

use phalanx::prelude::*;

#[omp]
fn run() -> i32 {
    let mut count = 0;
    #[parallel]
    {
        #[single]
        {
            count += 1; //~ `count` is written inside `single`
        }
        println!("{count}");
    }
    count
}

fn main() {
    println!("{}", run());
}
