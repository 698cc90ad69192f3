//! Y-task-no-depend: the same, with closures.
// twin: free/072_out_then_in

use phalanx::prelude::*;

fn main() {
    let mut i = 0;
    taskgroup(|tg| {
        tg.task(|_| i = 1);
        tg.task(|_| i = 2); //~ cannot borrow `i` as mutable more than once at a time
    });
    println!("{i}");
}
