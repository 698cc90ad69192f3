//! R-nesting: a thread that finds something returns, and the others would wait for it.
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

#[omp]
fn run(x: &[i32]) -> usize {
    #[parallel]
    {
        let num = phalanx::thread_num();
        if x[num] > 0 {
            return num; //~ `return` cannot leave `parallel`
        }
        barrier!();
    }
    0
}

fn main() {
    println!("{}", run(&[0; 100]));
}
