//! Y-task-wait-depend-too-early: a wait for those who write `x` does not wait for who writes `y`.
// twin: free/132_waits_for_one_then_for_all

use phalanx::prelude::*;

#[omp]
fn run() -> i32 {
    let (mut x, mut y) = (0, 2);
    #[taskgroup]
    {
        #[task(depend(inout: x))]
        {
            *x += 1;
        }
        #[task]
        {
            y -= 1;
        }
        #[taskwait(depend(in: x))]
        {
            println!("{x}");
        }
        println!("{}", y); //~ `y` is used in the group while a task that writes it may be running
    }
    x + y
}

fn main() {
    println!("{}", run());
}
