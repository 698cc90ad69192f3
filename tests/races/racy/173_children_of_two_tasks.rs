//! Y-task-nonsibling-depend: tasks have an order, and leave their work to children, which have none.
// twin: free/132_waits_for_one_then_for_all: a group in each task, for the children

use phalanx::prelude::*;

#[omp]
fn run() -> i32 {
    let mut a = 0;
    #[taskgroup]
    {
        #[task(depend(inout: a))]
        {
            #[task(depend(inout: a))] //~ `depend` orders the tasks that the body of a group submits
            {
                *a += 1;
            }
        }
        #[task(depend(inout: a))]
        {
            #[task(depend(inout: a))] //~ `depend` orders the tasks that the body of a group submits
            {
                *a += 1;
            }
        }
    }
    a
}

fn main() {
    println!("{}", run());
}
