//! Y-task-missing-wait: the results of two tasks are added before they are there.
//~ `j` is used in the group while a task that writes it may be running
// twin: free/105_fibonacci: the sum comes after the group

use phalanx::prelude::*;

#[omp]
fn fib(n: u32) -> u32 {
    if n < 2 {
        return n;
    }
    let (mut i, mut j) = (0, 0);
    #[taskgroup]
    {
        #[task]
        {
            i = fib(n - 1);
        }
        #[task]
        {
            j = fib(n - 2);
        }
        i + j //~ `i` is used in the group while a task that writes it may be running
    }
}

fn main() {
    println!("{}", fib(10));
}
