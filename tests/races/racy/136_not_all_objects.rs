//! Y-task-dep-missing-object: a task writes what others order themselves by, and does not say so.
// twin: free/079_one_writes_two_read

use phalanx::prelude::*;

#[omp]
fn run() -> i32 {
    let (mut a, mut b, mut c) = (0, 0, 0);
    #[taskgroup]
    {
        #[task(depend(out: a, b))]
        {
            (*a, *b) = (1, 2);
        }
        #[task(depend(in: b), depend(out: c))]
        {
            a = *b; //~ `a` is written by a task whose `depend` does not name it
            *c = 3;
        }
        #[task(depend(in: a, c))]
        {
            println!("{}", *a + *c);
        }
    }
    a + b + c
}

fn main() {
    println!("{}", run());
}
