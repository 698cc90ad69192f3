//! Y-task-no-depend: tasks that nothing orders assign one variable.
// twin: free/072_out_then_in

use phalanx::prelude::*;

#[omp]
fn run() -> i32 {
    let mut i = 0;
    #[taskgroup]
    {
        #[task]
        {
            i = 1; //~ `i` is written by two tasks, which may run at once
        }
        #[task]
        {
            i = 2;
        }
    }
    i
}

fn main() {
    println!("{}", run());
}
