//! Y-task-missing-wait: the same, with closures.
//~ cannot use `j` because it was mutably borrowed
// twin: free/105_fibonacci: the sum comes after the group

use phalanx::prelude::*;

fn fib(n: u32) -> u32 {
    if n < 2 {
        return n;
    }
    let (mut i, mut j) = (0, 0);
    taskgroup(|tg| {
        tg.task(|_| i = fib(n - 1));
        tg.task(|_| j = fib(n - 2));
        i + j //~ cannot use `i` because it was mutably borrowed
    })
}

fn main() {
    println!("{}", fib(10));
}
