//! Y-task-nonsibling-depend: the same, with children that name nothing.
// twin: free/132_waits_for_one_then_for_all: a group in each task, for the children

use phalanx::prelude::*;

#[omp]
fn run() -> i32 {
    let mut a = 0;
    #[taskgroup]
    {
        for _ in 0..2 {
            #[task(depend(inout: a))]
            {
                #[task]
                {
                    *a += 1; //~ `a` is the outer task's only as long as that runs
                }
            }
        }
    }
    a
}

fn main() {
    println!("{}", run());
}
